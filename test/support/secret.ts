/** The server's secret, unless a test sets `SANDPIT_SECRET`. */
export const testSecret = 'a secret for tests'
