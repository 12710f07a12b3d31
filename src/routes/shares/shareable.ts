import type { Context } from 'hono'
import { kindWords } from '../../../views/group/kinds.ts'
import type { Deps } from '../../deps.ts'
import type { RunGroup } from '../../domain/group/group.ts'
import { modelName } from '../../domain/model-ref.ts'
import type { SharedThing } from '../../domain/people/share.ts'
import type { ModelSubject } from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { groupInPath } from '../groups/find-group.ts'
import { findInPath } from '../prediction.tsx'

/** Something that the viewer may share. */
export interface Shareable {
  readonly of: SharedThing
  /** The account that it was made for. */
  readonly account: string
  /** The model that a link may let others run; null for a group, of which it lets nobody run anything. */
  readonly model: ModelSubject | null
  readonly title: string
  /** `prediction`, or the kind of the group. */
  readonly what: string
  /** What a link shows, as a sentence. */
  readonly holds: string
  /** Whether a model of it is private. */
  readonly isOfPrivate: boolean
}

/** The prediction or the group in the path; null when the viewer may not share it. */
export async function shareableInPath(
  c: Context,
  deps: Deps,
  kind: SharedThing['kind'],
): Promise<Shareable | null> {
  if (kind === 'prediction') {
    const prediction = await findInPath(c, deps, 'share')
    return prediction && ofPrediction(deps, prediction)
  }
  const group = await groupInPath(c, deps, 'share')
  return group && ofGroup(deps, group)
}

function ofPrediction({ runner }: Deps, { id, account, model: ref }: Prediction): Shareable {
  const model = runner.modelSubject(ref)
  return {
    of: { kind: 'prediction', id },
    account,
    model,
    title: `Share a prediction of ${modelName(ref)}`,
    what: 'prediction',
    holds: 'Its inputs, output, logs and times; nothing else of yours.',
    isOfPrivate: model.visibility === 'private',
  }
}

function ofGroup({ runner }: Deps, { id, account, title, kind, models }: RunGroup): Shareable {
  return {
    of: { kind: 'group', id },
    account,
    model: null,
    title: `Share ${title}`,
    what: kindWords[kind],
    holds:
      'All of its runs, those to come too, with their inputs, outputs, logs and times; nothing else of yours.',
    isOfPrivate: models.some((ref) => runner.modelSubject(ref).visibility === 'private'),
  }
}
