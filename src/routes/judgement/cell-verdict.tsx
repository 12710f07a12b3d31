import type { Context } from 'hono'
import { placeLabel } from '../../../views/judgement/place-label.ts'
import { Thumbs, thumbsAt } from '../../../views/judgement/thumbs.tsx'
import type { Deps } from '../../deps.ts'
import type { GroupMember } from '../../domain/group/group.ts'
import { isSettled } from '../../domain/prediction/prediction.ts'
import type { SeenGroup } from '../groups/group-values.ts'
import { fragment, isPartial } from '../request/page.tsx'
import { pathBefore } from '../request/path-before.ts'
import { ensureViewer, viewerOf } from '../request/viewer.ts'
import { mayJudge } from './judgement-box.ts'

/** The names of the buttons, with what they say; each has the place of its run. */
const verdicts = { good: 'good', bad: 'bad', neither: null } as const
type Pressed = keyof typeof verdicts

/** Whether a form says of one run of a group that it is good or bad, rather than which of two is better. */
export function hasVerdict(c: Context): boolean {
  return pressedIn(c) !== undefined
}

/** Keeps what the viewer thinks of one run of a group, whose note stays what it was. */
export async function judgeCell(c: Context, deps: Deps, { group, paths, isShared }: SeenGroup) {
  const pressed = pressedIn(c)
  const run = pressed && (await runAt(deps, group.id, c.get('formFields').get(pressed) ?? ''))
  if (!run || !isSettled(run)) return c.notFound()
  if (!mayJudge(deps, viewerOf(c, deps), run, isShared)) return c.notFound()
  const { place } = run.group
  const verdict = verdicts[pressed]
  const { id: judge } = ensureViewer(c, deps)
  await deps.store.judge({ prediction: run.id, judge, verdict, note: null, at: deps.now() })
  if (!isPartial(c)) return c.redirect(pathBefore(c) ?? paths.group(group.id), 303)
  c.header('HX-Retarget', thumbsAt(place))
  return fragment(
    c,
    deps,
    <Thumbs
      place={place}
      label={placeLabel(group, { model: run.model, place })}
      verdict={verdict}
    />,
  )
}

function pressedIn(c: Context): Pressed | undefined {
  const fields = c.get('formFields')
  return (Object.keys(verdicts) as Pressed[]).find((name) => fields.has(name))
}

async function runAt({ store }: Deps, group: string, typed: string): Promise<GroupMember | null> {
  if (!/^\d{1,8}$/.test(typed)) return null
  const place = Number(typed)
  const [run] = await store.membersOf(group, { from: place, limit: 1 })
  return run?.group.place === place ? run : null
}
