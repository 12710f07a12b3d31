import { NoSpace, StoreBusy } from '../domain/unavailable.ts'

/** `SQLSTATE` codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const diskFull = '53100'
const transactionFailed = '25P02'

/** Conditions that pass: the server starts, ends or is full. */
const unavailable = ['57P01', '57P02', '57P03', '57P05', '53300', '25P03']

/** Conditions that pass: others had the same locks, or changed the same rows. */
const contended = ['55P03', '40001', '40P01']

const unreachable = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']

/** Turns the errors of PostgreSQL that callers can handle into `NoSpace` and `StoreBusy`. */
export function knownError(error: unknown): unknown {
  const code = codeOf(error)
  if (code === diskFull)
    return new NoSpace('The disk of the database server is full.', { cause: error })
  if (contended.includes(code) || isOutdated(error))
    return new StoreBusy('The database is busy at the moment.', { cause: error })
  if (unavailable.includes(code) || unreachable.includes(code) || isLost(error))
    return new StoreBusy('The database server cannot be reached at the moment.', { cause: error })
  return error
}

/** The reason among those of statements that were sent at once: after a failure, those behind it fail, too. */
export function causeOf(reasons: readonly unknown[]): unknown {
  const causes = reasons.filter((reason) => codeOf(reason) !== transactionFailed)
  return causes.find((reason) => reason instanceof StoreBusy) ?? causes[0] ?? reasons[0]
}

/** Whether a prepared statement reads a table that has other columns by now. */
export function isOutdated(error: unknown): boolean {
  return codeOf(error) === '0A000' && error instanceof Error && /cached plan/.test(error.message)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}

/** The driver has no codes for connections that end under a statement, or do not come about. */
function isLost(error: unknown): boolean {
  return error instanceof Error && lost.test(error.message)
}

const lost = /^Connection terminated|not queryable$|^timeout e(xceeded|xpired)|^Query read timeout$/
