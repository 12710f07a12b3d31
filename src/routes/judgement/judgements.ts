import { Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import { longestNote, type Verdict } from '../../domain/judgement/judgement.ts'
import { isSettled } from '../../domain/prediction/prediction.ts'
import { findInPath } from '../prediction.tsx'
import { pathBefore } from '../request/path-before.ts'
import { ensureViewer, viewerOf } from '../request/viewer.ts'
import { mayJudge } from './judgement-box.ts'

/** What viewers think of a prediction. */
export function judgementRoutes(deps: Deps) {
  return new Hono().post('/p/:id/judgement', async (c) => {
    const prediction = await findInPath(c, deps, 'see')
    if (!prediction || !isSettled(prediction)) return c.notFound()
    if (!mayJudge(deps, viewerOf(c, deps), prediction)) return c.notFound()
    const fields = c.get('formFields')
    await deps.store.judge({
      prediction: prediction.id,
      judge: ensureViewer(c, deps).id,
      verdict: verdictIn(fields.get('verdict')),
      note: noteIn(fields.get('note') ?? ''),
      at: deps.now(),
    })
    return c.redirect(pathBefore(c) ?? deps.paths.prediction(prediction.id), 303)
  })
}

function verdictIn(text: string | undefined): Verdict | null {
  return text === 'good' || text === 'bad' ? text : null
}

function noteIn(typed: string): string {
  return typed.replaceAll('\r\n', '\n').trim().slice(0, longestNote).toWellFormed()
}
