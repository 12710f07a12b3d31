import { formatBytes } from '../../views/format.tsx'
import type { NotKept } from '../domain/file/file-not-kept.ts'
import type { Started } from '../runner/acceptance.ts'

/** Why a run is not started. */
export type NotStarted = Exclude<Extract<Started, { readonly ok: false }>['reason'], 'quota'>

const fullDisk = 'The server’s disk is full'
const filesAway = 'The server cannot reach its files at the moment'
const lockedDatabase = 'The server’s database is locked by another program'

/** The sentences with which pages and the API refuse what the server cannot do now. */
export const refusals = {
  diskFull: `${fullDisk}.`,
  filesAway: `${filesAway}. Try again in a moment.`,
  instancesAway:
    'The server that runs the containers does not answer at the moment. Try again soon.',
  notSaved: {
    'no space': `${fullDisk}, so nothing was saved. Its operator needs to free some space.`,
    'database busy': `${lockedDatabase}, so nothing was saved. Try again in a moment.`,
  },
  notStarted: {
    draining: 'This model is not accepting predictions: its operator is draining the queue.',
    'queue full': 'The queue for this model is full. Try again in a few minutes.',
    stopping: 'The server is about to restart. Try again in a moment.',
    'no space': `${fullDisk}. Its operator needs to free some space.`,
    'database busy': `${lockedDatabase}, so nothing was run. Try again in a moment.`,
  } satisfies Record<NotStarted, string>,
}

/** Why an uploaded file is not kept. */
export function notUploaded(reason: NotKept, maxUpload: number): string {
  if (reason === 'no space')
    return `${fullDisk}, so this file was not saved. Tell the server’s operator.`
  if (reason === 'unreachable')
    return `${filesAway}, so this file was not saved. Try again in a moment.`
  return `This file is too large. The maximum is ${formatBytes(maxUpload)}.`
}

/** Seconds after which a run that was not started may be tried again. */
export const runRetrySeconds = 10
