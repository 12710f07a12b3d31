import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Choice, ModelScore, Verdict } from '../../../domain/judgement/judgement.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import type { ModelScoreRow, Tables } from '../tables.ts'

/** How models were judged, which is counted with each change. */
export function createScoreReader(db: Kysely<Tables>) {
  const scores = db.selectFrom('model_scores').selectAll()
  return {
    async modelScores(): Promise<ModelScore[]> {
      const rows = await scores.orderBy('model').execute()
      return rows.map(scoreOf).filter(isJudged)
    },
    async modelScore(model: ModelRef): Promise<ModelScore | null> {
      const row = await scores.where('model', '=', modelName(model)).executeTakeFirst()
      const score = row && scoreOf(row)
      return score && isJudged(score) ? score : null
    },
  }
}

type Counts = Omit<ModelScore, 'model'>

/** Counts that one verdict of a prediction of a model takes the place of another. */
export async function countVerdict(
  trx: Transaction<Tables>,
  model: ModelRef,
  { before, after }: Replaced<Verdict>,
): Promise<void> {
  if (before === after) return
  const change = (verdict: Verdict) => (after === verdict ? 1 : 0) - (before === verdict ? 1 : 0)
  await count(trx, modelName(model), { good: change('good'), bad: change('bad') })
}

/** Counts that one choice between two predictions takes the place of another. Runs of one model are not counted. */
export async function countChoice(
  trx: Transaction<Tables>,
  { first, second }: Choice,
  { before, after }: Replaced<Choice['better']>,
): Promise<void> {
  const models = [modelName(first.model), modelName(second.model)] as const
  if (before === after || models[0] === models[1]) return
  const change = (better: Choice['better']) =>
    (after === better ? 1 : 0) - (before === better ? 1 : 0)
  const counted = [
    { model: models[0], won: change('first'), lost: change('second') },
    { model: models[1], won: change('second'), lost: change('first') },
  ]
  // In one order everywhere, so that two writers do not wait for each other.
  counted.sort((a, b) => (a.model < b.model ? -1 : 1))
  for (const { model, ...counts } of counted) await count(trx, model, counts)
}

/** Removes what was thought of a prediction, with the prediction. */
export async function dropJudgements(
  trx: Transaction<Tables>,
  { id, model }: Pick<Prediction, 'id' | 'model'>,
): Promise<void> {
  const dropped = await trx
    .deleteFrom('judgements')
    .where('prediction', '=', id)
    .returning('verdict')
    .execute()
  const of = (verdict: Verdict) => dropped.filter((one) => one.verdict === verdict).length
  await count(trx, modelName(model), { good: -of('good'), bad: -of('bad') })
}

interface Replaced<Value> {
  /** Null for none, as is the other. */
  readonly before: Value | null
  readonly after: Value | null
}

async function count(
  trx: Transaction<Tables>,
  model: string,
  counts: Partial<Counts>,
): Promise<void> {
  const { good = 0, bad = 0, won = 0, lost = 0 } = counts
  if (![good, bad, won, lost].some((one) => one !== 0)) return
  await sql`
    insert into model_scores (model, good, bad, won, lost)
    values (${model}, ${good}, ${bad}, ${won}, ${lost})
    on conflict (model) do update set
      good = model_scores.good + excluded.good, bad = model_scores.bad + excluded.bad,
      won = model_scores.won + excluded.won, lost = model_scores.lost + excluded.lost`.execute(trx)
}

function scoreOf(row: Selectable<ModelScoreRow>): ModelScore {
  const { model, good, bad, won, lost } = row
  return {
    ...{ model, good: Number(good), bad: Number(bad) },
    ...{ won: Number(won), lost: Number(lost) },
  }
}

/** False for a model of which everything was taken back. */
function isJudged({ good, bad, won, lost }: ModelScore): boolean {
  return good + bad + won + lost > 0
}
