import { type Context, Hono } from 'hono'
import type { ComparedPrediction } from '../../../views/difference/comparison-page.tsx'
import { PairsPage } from '../../../views/judgement/pairs-page.tsx'
import type { Deps } from '../../deps.ts'
import type { GroupMember, RunGroup } from '../../domain/group/group.ts'
import type { Choice } from '../../domain/judgement/judgement.ts'
import { inOrder, nextPair, type Pair, shuffledPairs, tally } from '../../domain/judgement/pairs.ts'
import { hasSucceeded } from '../../domain/prediction/prediction.ts'
import { groupInPath, seenAs } from '../groups/find-group.ts'
import { readCompared } from '../history/compared.ts'
import { page } from '../request/page.tsx'
import { mayWith } from '../request/rights.ts'
import { ensureViewer, viewerOf } from '../request/viewer.ts'
import { hasVerdict, judgeCell } from './cell-verdict.tsx'
import { mayJudge } from './judgement-box.ts'

/** The places of a group whose runs are compared. */
const compared = { from: 0, limit: 100 }

/** Which of two runs of a group is better: the viewer is not told what made them. */
export function pairRoutes(deps: Deps) {
  const { store, paths } = deps
  return new Hono()
    .get('/g/:id/judgement', async (c) => {
      const group = await groupInPath(c, deps, 'see')
      if (!group || deps.config.judges === 'off') return c.notFound()
      const { pairs, judged, runs, choices } = await read(c, deps, group)
      const pair = nextPair(pairs, judged)
      const isRevealed = pair === null || c.req.query('reveal') !== undefined
      return page(
        c,
        deps,
        <PairsPage
          group={group}
          runs={runs}
          sides={pair && !isRevealed ? await readSides(c, deps, pair) : null}
          done={{ judged: judged.length, pairs: pairs.length }}
          tally={isRevealed ? tally(choices) : null}
        />,
      )
    })
    .post('/g/:id/judgement', async (c) => {
      const group = await groupInPath(c, deps, 'see')
      if (!group || deps.config.judges === 'off') return c.notFound()
      if (hasVerdict(c)) return judgeCell(c, deps, seenAs(deps, viewerOf(c, deps), group))
      const { runs } = await read(c, deps, group)
      const choice = choiceIn(c.get('formFields'), group, runs)
      const { id: judge } = ensureViewer(c, deps)
      if (choice) await store.choose({ ...choice, judge, at: deps.now() })
      return c.redirect(paths.groupJudgement(group.id), 303)
    })
}

async function read(c: Context, deps: Deps, group: RunGroup) {
  const viewer = viewerOf(c, deps)
  const members = await deps.store.membersOf(group.id, compared)
  const seen = members.filter((one) => hasSucceeded(one) && mayWith(deps, viewer, 'see', one))
  const runs = seen.filter((one) => mayJudge(deps, viewer, one))
  const choices = await deps.store.choicesIn(group.id)
  const pairs = shuffledPairs(
    runs.map(({ id }) => id),
    viewer.id,
  )
  const own = choices.filter(({ judge }) => judge === viewer.id && viewer.id !== '')
  const there = new Set(pairs.map(({ left, right }) => inOrder(left, right).join(' ')))
  const judged = own.filter(({ first, second }) => there.has(`${first.id} ${second.id}`))
  return { runs, pairs, choices, judged }
}

async function readSides(
  c: Context,
  deps: Deps,
  { left, right }: Pair,
): Promise<readonly [ComparedPrediction, ComparedPrediction] | null> {
  const [one, other] = await Promise.all([left, right].map((id) => readCompared(c, deps, id)))
  return one && other ? [one, other] : null
}

/** What was pressed; null when it names no two runs that may be judged. */
function choiceIn(
  fields: ReadonlyMap<string, string>,
  { id: group }: RunGroup,
  runs: readonly GroupMember[],
): Omit<Choice, 'judge' | 'at'> | null {
  const [left, right] = ['left', 'right'].map((name) =>
    runs.find(({ id }) => id === fields.get(name)),
  )
  const better = fields.get('better')
  if (!left || !right || left.id === right.id) return null
  const [id] = inOrder(left.id, right.id)
  const [first, second] = id === left.id ? [left, right] : [right, left]
  if (better === 'same') return { group, first, second, better }
  if (better !== 'left' && better !== 'right') return null
  const winner = better === 'left' ? left : right
  return { group, first, second, better: winner === first ? 'first' : 'second' }
}
