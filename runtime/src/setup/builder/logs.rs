//! The builder's options about logs.

use opentelemetry_sdk::logs::LogExporter;

use super::Builder;

impl Builder {
    /// Sends logs to `exporter`, whatever `OTEL_LOGS_EXPORTER` says. The last exporter set counts.
    ///
    /// It runs on the thread of the SDK's batch processor, outside of every tokio runtime.
    pub fn log_exporter(mut self, exporter: impl LogExporter + 'static) -> Self {
        self.logs.export_to(exporter);
        self
    }

    /// Switches logs off, as `OTEL_LOGS_EXPORTER=none` does.
    pub fn no_logs(mut self) -> Self {
        self.logs.switch_off();
        self
    }

    /// Leaves `tracing`'s global subscriber alone: the program sets one later, with [`logs::layer`](crate::logs::layer) in it if its
    /// events are to be exported. A subscriber that is set before telemetry is left alone without this.
    pub fn no_subscriber(mut self) -> Self {
        self.logs.leaves_tracing = true;
        self
    }
}
