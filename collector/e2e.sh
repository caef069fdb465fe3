#!/usr/bin/env bash
# Starts a real OpenTelemetry Collector on the loopback interface, sends it spans with the program `load`, and compares what it
# writes with what was sent, span by span, with the program `compare` (both in `tests/src/bin`).
#
# Every check runs, also after one that failed. Each has a folder in `e2e` of the target directory, with the Collector's logs
# and files and what the programs said; that of a check that did well is removed.
#
#   e2e.sh            all checks
#   e2e.sh NAME...    these, by the names of the functions below: `e2e.sh delivery`
#
# Exit codes: 69 the Collector cannot be built here (`build.sh` says why); another one but 0, a check failed.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# How long something may take that takes a second. Nothing is measured by it.
readonly PATIENCE=60
# What is set here counts; what the user has set for other programs does not.
for variable in $(compgen -e OTEL_ || true) $(compgen -e WIRESPAN_ || true); do
    unset "$variable"
done

here="$PWD/collector"
binary="$(collector/build.sh)"
cargo build -q -p wirespan-tests --bin load --bin compare --locked
target="$(cargo metadata --locked --no-deps --format-version 1 | sed -E 's/.*"target_directory":"([^"]*)".*/\1/')"
readonly here binary target load="$target/debug/load" compare="$target/debug/compare" work="$target/e2e"
rm -rf "$work"
mkdir -p "$work"

collector=''
forwarder=''
sender=''

# await <what> <command>...: until the command succeeds.
await() {
    local what="$1" end=$((SECONDS + PATIENCE))
    shift
    until "$@"; do
        if ((SECONDS >= end)); then
            printf 'waited %d s for %s\n' "$PATIENCE" "$what"
            return 1
        fi
        sleep 0.05
    done
}

# healthy <port>
healthy() {
    local answer
    exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET / HTTP/1.0\r\n\r\n' >&3
    read -r answer <&3 || true
    exec 3>&-
    [[ "$answer" == *' 200 '* ]]
} 2>/dev/null

# is_gone <process>
is_gone() {
    ! kill -0 "$1" 2>/dev/null
}

# healthy_or_gone <process> <port>
healthy_or_gone() {
    is_gone "$1" || healthy "$2"
}

# start <log> <port of its health check> <option of the Collector>...: `started` is its process.
start() {
    local log="$1" port="$2"
    shift 2
    # It must not hold the sender's input.
    "$binary" "$@" >"$log" 2>&1 </dev/null 9>&- &
    started=$!
    # The shell is not to say that it was killed.
    disown "$started"
    await 'the Collector to be healthy' healthy_or_gone "$started" "$port"
    if is_gone "$started"; then
        printf 'the Collector ended:\n'
        tail -n 5 "$log"
        return 1
    fi
}

# start_collector <number>: with what the check has set; it writes to received.<number>.
start_collector() {
    export SPANS="$PWD/received.$1"
    start "collector.$1.log" "$HEALTH_PORT" --config "$here/e2e.yaml"
    collector="$started"
}

# stop_collector <signal>: TERM, and it writes what it has; KILL, and it has no time for anything.
stop_collector() {
    kill "-$1" "$collector"
    await 'the Collector to end' is_gone "$collector"
    collector=''
}

# to <protocol> <compression>: where `load` sends.
to() {
    unset OTEL_EXPORTER_OTLP_COMPRESSION
    export OTEL_SERVICE_NAME=load OTEL_EXPORTER_OTLP_PROTOCOL="$1"
    if [[ "$1" == grpc ]]; then
        export OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:$GRPC_PORT"
    else
        export OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:$HTTP_PORT"
    fi
    if [[ "$2" != none ]]; then
        export OTEL_EXPORTER_OTLP_COMPRESSION="$2"
    fi
}

# send <number> <option of load>...: spans until it has sent them all.
send() {
    local number="$1"
    shift
    "$load" --run "$check" --sent sent --threads 4 "$@" >"said.$number" 2>"said.$number.err" </dev/null
}

# start_sending <number> <option of load>...: spans until `stop_sending`.
start_sending() {
    local number="$1"
    shift
    rm -f stdin
    mkfifo stdin
    "$load" --run "$check" --sent sent --threads 4 "$@" >"said.$number" 2>"said.$number.err" <stdin &
    sender=$!
    exec 9>stdin
}

stop_sending() {
    exec 9>&-
    wait "$sender"
    sender=''
}

# sent_more_than <lines>: in its log, which is there when the first span is.
sent_more_than() {
    [[ -e sent ]] && (($(wc -l <sent) > $1))
}

# compared <option of compare>...: everything that was sent in this check with everything that was received.
compared() {
    local file files=()
    for file in received.*; do
        files+=(--received "$file")
    done
    for file in said.*[0-9]; do
        files+=(--said "$file")
    done
    grep -h -e '^flush ' -e '^shutdown ' said.*[0-9]
    "$compare" --sent sent "${files[@]}" "$@"
}

# Each protocol, compressed and not. Over HTTP the receiver takes nothing but the encoding that was asked for.
delivery() {
    local protocol compression
    for protocol in grpc http/protobuf; do
        for compression in none gzip; do
            printf '%s\n' "-- $protocol, compression $compression"
            mkdir -p "$protocol-$compression" && cd "$protocol-$compression"
            HTTP_COMPRESSION='[gzip]'
            [[ "$compression" == gzip ]] || HTTP_COMPRESSION='[""]'
            start_collector 1
            to "$protocol" "$compression"
            send 1 --calls 5000
            stop_collector TERM
            compared --lost 0:0
            cd "$folder"
        done
    done
}

# What shows that the check above would notice: a receiver that takes gzip only, and a sender that does not compress.
compression_is_checked() {
    HTTP_COMPRESSION='[gzip]'
    start_collector 1
    to http/protobuf none
    send 1 --calls 50
    stop_collector TERM
    compared --lost 400:400
}

# The Collector ends while spans are sent; they go on being sent, and another one begins.
restart() {
    local protocol signal
    # Without `batch`, what it acknowledges is written.
    PROCESSORS='[memory_limiter]'
    for protocol in grpc http/protobuf; do
        for signal in TERM KILL; do
            printf '%s\n' "-- $protocol, $signal"
            mkdir -p "$protocol-$signal" && cd "$protocol-$signal"
            start_collector 1
            to "$protocol" gzip
            start_sending 1 --pace 1000
            await 'the first spans' test -s received.1
            stop_collector "$signal"
            await 'further spans' sent_more_than $(($(wc -l <sent) + 4000))
            start_collector 2
            await 'spans after the restart' test -s received.2
            stop_sending
            stop_collector TERM
            # What was not acknowledged is sent again, whether it arrived or not. A KILL may tear a line.
            compared --lost 0:0 --duplicates --torn
            cd "$folder"
        done
    done
}

# The same with what cannot be delivered on disk.
spool_restart() {
    export WIRESPAN_SPOOL_DIR="$PWD/spool"
    restart
    if [[ ! -d "$WIRESPAN_SPOOL_DIR" ]]; then
        printf 'there was no spool\n'
        return 1
    fi
}

# all_received <log>: each span in it, whatever else was.
all_received() {
    [[ "$("$compare" --sent "$1" --received received.1 || true)" == *' lost=0 '* ]]
}

# A sender without a Collector, which ends or is killed when all of its spans are on disk; the next one delivers them.
spool_handed_on() {
    local protocol ending
    PROCESSORS='[memory_limiter]'
    for protocol in grpc http/protobuf; do
        for ending in shutdown KILL; do
            printf '%s\n' "-- $protocol, $ending"
            mkdir -p "$protocol-$ending" && cd "$protocol-$ending"
            export WIRESPAN_SPOOL_DIR="$PWD/spool"
            to "$protocol" gzip
            if [[ "$ending" == shutdown ]]; then
                send 1 --calls 500 --patience 2000
            else
                start_sending killed --calls 500 --until-spooled
                await 'all spans to be on disk' grep -q '^spooled' said.killed
                kill -KILL "$sender"
                stop_sending 2>/dev/null || true
            fi
            cp sent sent.first
            start_collector 1
            start_sending 2 --pace 10000
            await 'the spans of the first sender' all_received sent.first
            stop_sending
            stop_collector TERM
            if [[ "$ending" == shutdown ]]; then
                compared --lost 0:0 --duplicates
            else
                compared --lost 0:0 --duplicates --killed
            fi
            cd "$folder"
        done
    done
}

# Requests that the receiver refuses for their size are divided; a span that is too large by itself is lost, and alone.
over_the_limit() {
    local protocol
    MAX_REQUEST_MIB=1
    MAX_REQUEST_BYTES=1048576
    # Everything is recorded before the first request is made, which so is as large as requests become (3 MiB).
    export OTEL_BSP_SCHEDULE_DELAY=600000
    for protocol in grpc http/protobuf; do
        printf '%s\n' "-- $protocol, requests"
        mkdir -p "$protocol-requests" && cd "$protocol-requests"
        start_collector 1
        to "$protocol" gzip
        send 1 --calls 50 --bytes 16000
        stop_collector TERM
        compared --lost 0:0
        cd "$folder"
        printf '%s\n' "-- $protocol, spans"
        mkdir -p "$protocol-spans" && cd "$protocol-spans"
        start_collector 1
        to "$protocol" none
        send 1 --calls 3 --bytes 1500000
        stop_collector TERM
        # Of each call the outer span.
        compared --lost 12:12
        cd "$folder"
    done
}

# A Collector that is over its memory limit refuses everything: for a while, and until the sender ends.
memory_limiter() {
    local protocol
    for protocol in grpc http/protobuf; do
        printf '%s\n' "-- $protocol, for a while"
        mkdir -p "$protocol-while" && cd "$protocol-while"
        MEMORY_LIMIT_MIB=1
        start_collector 1
        await 'the limiter to look' grep -q 'Refusing data' collector.1.log
        to "$protocol" none
        start_sending 1 --pace 1000
        await 'spans' sent_more_than 4000
        stop_collector TERM
        if [[ -s received.1 ]]; then
            printf 'a Collector that refuses everything has written something\n'
            return 1
        fi
        MEMORY_LIMIT_MIB=500
        start_collector 2
        await 'spans after the restart' test -s received.2
        stop_sending
        stop_collector TERM
        compared --lost 0:0
        cd "$folder"
        printf '%s\n' "-- $protocol, to the end"
        mkdir -p "$protocol-end" && cd "$protocol-end"
        MEMORY_LIMIT_MIB=1
        start_collector 1
        await 'the limiter to look' grep -q 'Refusing data' collector.1.log
        send 1 --calls 50 --patience 1000
        stop_collector TERM
        compared --lost 400:400
        cd "$folder"
    done
}

# The configurations of this folder: each can be used, and what one Collector forwards to another arrives there.
configurations() {
    SPANS="$PWD/spans.jsonl" "$binary" validate --config "$here/local.yaml"
    CLICKHOUSE=tcp://127.0.0.1:9000 "$binary" validate --config "$here/clickhouse.yaml"
    export FORWARD_TO="127.0.0.1:$GRPC_PORT"
    "$binary" validate --config "$here/forward.yaml"
    start_collector 1
    start forwarder.log "$FORWARD_HEALTH_PORT" --config "$here/forward.yaml" \
        --set "receivers.otlp.protocols.grpc.endpoint=127.0.0.1:$FORWARD_GRPC_PORT" \
        --set "receivers.otlp.protocols.http.endpoint=127.0.0.1:$FORWARD_HTTP_PORT" \
        --set "extensions.health_check.endpoint=127.0.0.1:$FORWARD_HEALTH_PORT" \
        --set exporters.otlp_grpc.tls.insecure=true --set service.telemetry.metrics.level=none
    forwarder="$started"
    GRPC_PORT="$FORWARD_GRPC_PORT" to grpc gzip
    send 1 --calls 1000
    kill -TERM "$forwarder"
    await 'the forwarding Collector to end' is_gone "$forwarder"
    forwarder=''
    stop_collector TERM
    compared --lost 0:0
}

# run <check>: by itself, with free ports; says how it went.
run() {
    local ports status
    check="$1"
    folder="$work/$check"
    printf '\n--- %s\n' "$check"
    mkdir -p "$folder"
    ports="$("$load" --ports 6)"
    set +e
    (
        set -e
        cd "$folder"
        # shellcheck disable=SC2086
        set -- $ports
        export GRPC_PORT="$1" HTTP_PORT="$2" HEALTH_PORT="$3"
        FORWARD_GRPC_PORT="$4" FORWARD_HTTP_PORT="$5" FORWARD_HEALTH_PORT="$6"
        export MAX_REQUEST_MIB=4 MAX_REQUEST_BYTES=20971520 HTTP_COMPRESSION='["", gzip]'
        export MEMORY_LIMIT_MIB=500 PROCESSORS='[memory_limiter, batch]'
        trap 'kill -KILL $collector $forwarder $sender 2>/dev/null || true' EXIT
        "$check"
    )
    status=$?
    set -e
    if ((status == 0)); then
        rm -rf "$folder"
    else
        failed+=("$check")
        printf 'FAILED: %s; its files are in %s\n' "$check" "$folder"
    fi
}

failed=()
"$binary" --version
if (($# == 0)); then
    set -- delivery compression_is_checked restart over_the_limit memory_limiter configurations spool_restart spool_handed_on
fi
for name in "$@"; do
    run "$name"
done
if ((${#failed[@]} > 0)); then
    printf '\nFAILED: %s\n' "${failed[*]}"
    exit 1
fi
printf '\n%d checks against a real Collector, nothing wrong\n' "$#"
