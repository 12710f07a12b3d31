import { fileRefsIn } from '../../domain/file/file.ts'
import type { GroupMember, PlannedRun, RunGroup } from '../../domain/group/group.ts'
import type { Model } from '../../domain/model/model.ts'
import { hasEndedInVain, type Prediction } from '../../domain/prediction/prediction.ts'
import { lacksSecrets } from '../../domain/schema/secrets.ts'
import { createTurns } from '../../sleep.ts'
import type { PlannedAgain } from '../../store/groups.ts'
import type { RunnerOptions } from '../options.ts'
import { createOwnInput } from '../own-input.ts'
import type { Outcome } from './start-planned.ts'

interface PlanAgainOptions extends RunnerOptions {
  /** The model that a run would be of, or why there is none. */
  ready(group: RunGroup, run: PlannedRun): Promise<{ readonly model: Model } | Outcome>
}

/** What came of running some again. */
export interface Again {
  /** The predictions that gave up their places. */
  readonly replaced: readonly { readonly place: number; readonly prediction: string }[]
  /** Why others were not, each sentence once. */
  readonly problems: readonly string[]
}

/** Runs that are planned in one write. */
const atOnce = 50

/** Plans runs again that did not succeed, with their inputs, each at the place of the one before. */
export function createPlanAgain(options: PlanAgainOptions) {
  const { store, now, ready } = options
  const ownInput = createOwnInput(options)

  function planOf({ id, model, version, input }: Prediction, place: number): PlannedAgain {
    return { place, model, version, input, files: [], sealed: null, problem: null, replaces: id }
  }

  /** The run, or why it cannot be run again. */
  async function runOf(group: RunGroup, member: GroupMember): Promise<PlannedAgain | string> {
    const prediction = await store.find(member.id)
    if (!prediction) return 'It was deleted.'
    if (prediction.dataRemovedAt !== null) return 'Its inputs were removed, as they were old.'
    const run = planOf(prediction, member.group.place)
    const found = await ready(group, run)
    if ('kind' in found) return found.kind === 'refused' ? found.problem : tryLater
    const { schema } = found.model.version
    if (lacksSecrets(schema, prediction.input)) return withoutSecrets
    const given = new Set(fileRefsIn(prediction.input))
    const files = prediction.files.filter(({ ref }) => given.has(ref))
    return { ...run, ...(await ownInput(schema, { input: prediction.input, files })) }
  }

  return async (group: RunGroup, members: AsyncIterable<GroupMember>): Promise<Again> => {
    const turn = createTurns()
    const replaced: { place: number; prediction: string }[] = []
    const problems = new Set<string>()
    let runs: PlannedAgain[] = []
    async function keep() {
      const places = new Set(await store.planAgain(group, runs, now()))
      for (const { place, replaces } of runs)
        if (places.has(place)) replaced.push({ place, prediction: replaces })
      runs = []
    }
    for await (const member of members) {
      if (!hasEndedInVain(member)) continue
      const run = await runOf(group, member)
      if (typeof run === 'string') problems.add(run)
      else runs.push(run)
      if (runs.length === atOnce) await keep()
      await turn()
    }
    await keep()
    return { replaced, problems: [...problems] }
  }
}

const tryLater = 'Its model is still being read. Try again in a moment.'
const withoutSecrets =
  'Its secret inputs are not kept. Open it, use its inputs in the form, and give them again.'
