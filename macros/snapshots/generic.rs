#[traced]
pub(crate) fn generic<'a, T: Debug, const N: usize>(rows: &'a mut [T; N]) -> &'a mut T
where
    T: Clone,
{
    &mut rows[0]
}
