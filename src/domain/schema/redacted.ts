/** What stands in for a secret wherever an input is kept or shown. */
export const redacted = '[REDACTED]'
