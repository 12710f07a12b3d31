/** Milliseconds since 1970 with fractions, which processes of one machine agree on. */
export const now = () => performance.timeOrigin + performance.now()
