import { NoSpace, StoreBusy } from '../../domain/unavailable.ts'

/** `SQLSTATE` of a full disk: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const diskFull = '53100'

/** Conditions that pass: a lock that was waited for too long, and a server that starts, ends or is full. */
const passing = ['55P03', '57P01', '57P02', '57P03', '53300']

const unreachable = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']

/** Turns the errors of PostgreSQL that callers can handle into `NoSpace` and `StoreBusy`. */
export function knownError(error: unknown): unknown {
  const code = codeOf(error)
  if (code === diskFull)
    return new NoSpace('The disk of the database server is full.', { cause: error })
  if (passing.includes(code) || unreachable.includes(code) || isLost(error))
    return new StoreBusy('The database server cannot be reached at the moment.', { cause: error })
  return error
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}

/** The driver has no code for a connection that ended under a statement. */
function isLost(error: unknown): boolean {
  return error instanceof Error && /^Connection terminated|not queryable/.test(error.message)
}
