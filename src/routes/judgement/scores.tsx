import contentDisposition from 'content-disposition'
import { Hono } from 'hono'
import { isoTime } from '../../../views/format.tsx'
import { ScoresPage } from '../../../views/judgement/scores-page.tsx'
import type { Deps } from '../../deps.ts'
import { formatJson, type JsonObject } from '../../domain/json/json.ts'
import { modelName, parseModelRef } from '../../domain/model-ref.ts'
import { csvHead, csvRows } from '../files/csv.ts'
import { encoded } from '../files/large-output.ts'
import { sendInertContent } from '../files/output-content.ts'
import { auditEntry } from '../request/audit.ts'
import { operatorsOnly } from '../request/operators.tsx'
import { page } from '../request/page.tsx'

/** How many rows of an export are read at once. */
const atOnce = 500

const columns = [
  ...['kind', 'at', 'judge', 'prediction', 'model', 'verdict', 'note'],
  ...['group', 'other_prediction', 'other_model', 'better'],
]

/** How models were judged, for operators. */
export function scoreRoutes(deps: Deps) {
  const operators = operatorsOnly(deps)
  const exported = 'exported'
  return new Hono()
    .get('/settings/judgements', operators, async (c) => {
      const model = parseModelRef(c.req.query('model') ?? '')
      const score = model && (await deps.store.modelScore(model))
      const scores = model ? [score].filter((one) => one !== null) : await deps.store.modelScores()
      return page(c, deps, <ScoresPage scores={scores} model={model} />)
    })
    .post('/settings/judgements.csv', operators, async (c) => {
      await deps.store.addEntry(auditEntry(c, deps, exported, 'the judgements'))
      c.header('Content-Disposition', contentDisposition('judgements.csv'))
      return sendInertContent(c, 'text/csv', encoded(csvLines(deps)))
    })
    .post('/settings/judgements.jsonl', operators, async (c) => {
      await deps.store.addEntry(auditEntry(c, deps, exported, 'the judgements'))
      c.header('Content-Disposition', contentDisposition('judgements.jsonl'))
      return sendInertContent(c, 'application/jsonl', encoded(jsonLines(deps)))
    })
}

async function* csvLines(deps: Deps): AsyncGenerator<string> {
  yield csvHead(columns)
  for await (const rows of allRows(deps)) yield csvRows(columns, rows)
}

async function* jsonLines(deps: Deps): AsyncGenerator<string> {
  for await (const rows of allRows(deps)) yield rows.map((row) => `${formatJson(row)}\n`).join('')
}

/** Every verdict, then every choice, read in parts. */
async function* allRows({ store }: Deps): AsyncGenerator<readonly JsonObject[]> {
  let judged = await store.judgementsAfter(null, atOnce)
  while (judged.length > 0) {
    yield judged.map(({ prediction, model, judge, verdict, note, at }) => ({
      ...{ kind: 'verdict', at: isoTime(at), judge, prediction, model: modelName(model) },
      ...{ verdict, note },
    }))
    judged = await store.judgementsAfter(judged.at(-1) ?? null, atOnce)
  }
  let chosen = await store.choicesAfter(null, atOnce)
  while (chosen.length > 0) {
    yield chosen.map(({ group, first, second, judge, better, at }) => ({
      ...{ kind: 'choice', at: isoTime(at), judge, prediction: first.id },
      ...{ model: modelName(first.model), group, other_prediction: second.id },
      ...{ other_model: modelName(second.model), better },
    }))
    chosen = await store.choicesAfter(chosen.at(-1) ?? null, atOnce)
  }
}
