/** Replaces a secret wherever an input is stored or shown. */
export const redacted = '[REDACTED]'
