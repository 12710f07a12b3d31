import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { RunGroup } from '../../domain/group/group.ts'
import type { Model } from '../../domain/model/model.ts'
import type { GroupRun } from '../../runner/groups/plan.ts'
import { createTurns } from '../../sleep.ts'
import { type GroupNotStarted, whoPressed } from '../forms/start-group.ts'
import type { Batch } from './read-batch.ts'
import type { RowFiles } from './row-files.ts'
import type { SentBatch } from './sent-batch.ts'

/** Makes a group of the rows that are ready. The files of the zip that they name are stored first. */
export async function startBatch(
  c: Context,
  deps: Deps,
  model: Model,
  { key, sent, choice }: SentBatch,
  { ready }: Batch,
  rowFiles: RowFiles,
): Promise<RunGroup | GroupNotStarted> {
  const pressed = await whoPressed(c, deps, key, choice)
  if ('problem' in pressed) return pressed
  const kept = await rowFiles.keep(ready.flatMap(({ files }) => files))
  const turn = createTurns()
  const runs: GroupRun[] = []
  for (const { line, input, files } of ready) {
    const own = files.map((file) => kept.get(file.ref) ?? file)
    runs.push({ place: line, model, input, files: own })
    await turn()
  }
  return deps.runner.groups.start({
    ...pressed,
    kind: 'batch',
    title: sent.rows?.name ?? '',
    axes: [],
    runs,
  })
}
