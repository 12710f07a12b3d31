import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { RunGroup } from '../../domain/group/group.ts'
import { isId } from '../../domain/id.ts'
import type { Model } from '../../domain/model/model.ts'
import { madeForIn } from '../forms/run-choice.tsx'
import { whyTooOften } from '../forms/too-often.ts'
import { ensureViewer } from '../request/viewer.ts'
import type { Batch } from './read-batch.ts'
import type { RowFiles } from './row-files.ts'
import type { SentBatch } from './sent-batch.ts'

/** Why no group was made. */
export interface NotStarted {
  readonly status: 422 | 429
  readonly problem: string
  readonly advice?: string
  /** Seconds until Run may be pressed again. */
  readonly retryAfter?: number
}

/** Makes a group of the rows that are ready. The files of the zip that they name are stored first. */
export async function startBatch(
  c: Context,
  deps: Deps,
  model: Model,
  { key, sent, choice }: SentBatch,
  { ready }: Batch,
  rowFiles: RowFiles,
): Promise<RunGroup | NotStarted> {
  const viewer = ensureViewer(c, deps)
  const madeFor = madeForIn(deps, viewer, choice, null)
  if (!madeFor)
    return { status: 422, problem: `You do not act for ${choice.account}, or no longer` }
  const late = await whyTooOften(c, deps)
  if (late) return late
  const kept = await rowFiles.keep(ready.flatMap(({ files }) => files))
  return deps.runner.groups.start({
    ...madeFor,
    kind: 'batch',
    title: sent.rows?.name ?? '',
    axes: [],
    source: 'web',
    createdBy: viewer.id,
    formKey: isId(key) ? key : null,
    runs: ready.map(({ line, input, files }) => ({
      place: line,
      model,
      input,
      files: files.map((file) => kept.get(file.ref) ?? file),
    })),
  })
}
