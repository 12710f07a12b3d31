import { type Context, Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import { longestNote, type Verdict } from '../../domain/judgement/judgement.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import type { Paths } from '../../paths.ts'
import { findInPath } from '../prediction.tsx'
import { pathBefore } from '../request/path-before.ts'
import { ensureViewer, viewerOf } from '../request/viewer.ts'
import { shareInPath } from '../shares/share-in-path.ts'
import { hasVerdict, judgeCell } from './cell-verdict.tsx'
import { mayJudge } from './judgement-box.ts'

/** A prediction that is judged where somebody sees it. */
interface Judged {
  readonly prediction: Prediction
  readonly paths: Paths
  readonly isShared: boolean
}

/** What viewers think of a prediction, at its own address or below a share link. */
export function judgementRoutes(deps: Deps) {
  async function judgeShared(c: Context) {
    const found = await shareInPath(c, deps)
    if (found.is === 'open') return judge(c, deps, { ...found, isShared: true })
    if (found.is !== 'open group' || !hasVerdict(c)) return c.notFound()
    return judgeCell(c, deps, { ...found, isShared: true })
  }

  return new Hono()
    .post('/p/:id/judgement', async (c) => {
      const prediction = await findInPath(c, deps, 'see')
      if (!prediction) return c.notFound()
      return judge(c, deps, { prediction, paths: deps.paths, isShared: false })
    })
    .post('/s/:token/judgement', judgeShared)
    .post('/s/:token/p/:id/judgement', judgeShared)
}

async function judge(c: Context, deps: Deps, { prediction, paths, isShared }: Judged) {
  if (!isSettled(prediction)) return c.notFound()
  if (!mayJudge(deps, viewerOf(c, deps), prediction, isShared)) return c.notFound()
  const fields = c.get('formFields')
  await deps.store.judge({
    prediction: prediction.id,
    judge: ensureViewer(c, deps).id,
    verdict: verdictIn(fields.get('verdict')),
    note: noteIn(fields.get('note') ?? ''),
    at: deps.now(),
  })
  return c.redirect(pathBefore(c) ?? paths.prediction(prediction.id), 303)
}

function verdictIn(text: string | undefined): Verdict | null {
  return text === 'good' || text === 'bad' ? text : null
}

function noteIn(typed: string): string {
  return typed.replaceAll('\r\n', '\n').trim().slice(0, longestNote).toWellFormed()
}
