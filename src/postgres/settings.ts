import type { ClientConfig } from 'pg'

/** Settings of every connection to PostgreSQL. Times are in milliseconds. */
export const connectionSettings = {
  application_name: 'sandpit',
  connectionTimeoutMillis: 5_000,
  // A server that is stopped in the middle of a transaction must not hold its locks for ever.
  idle_in_transaction_session_timeout: 10_000,
  lock_timeout: 5_000,
} satisfies ClientConfig
