import type { Kysely } from 'kysely'
import type { ModelScore } from '../../../domain/judgement/judgement.ts'
import { modelName } from '../../../domain/model-ref.ts'
import type { Tables } from '../tables.ts'

type Counts = Omit<ModelScore, 'model'>

/** Counts how models were judged. */
export function createScoreReader(db: Kysely<Tables>) {
  return async function modelScores(): Promise<ModelScore[]> {
    const scores = new Map<string, Counts>()
    const add = (model: string, counted: Partial<Counts>) => {
      const before = scores.get(model) ?? { good: 0, bad: 0, won: 0, lost: 0 }
      scores.set(model, {
        good: before.good + (counted.good ?? 0),
        bad: before.bad + (counted.bad ?? 0),
        won: before.won + (counted.won ?? 0),
        lost: before.lost + (counted.lost ?? 0),
      })
    }
    for (const { model_owner: owner, model_name: name, verdict, runs } of await verdicts(db))
      add(
        modelName({ owner, name }),
        verdict === 'good' ? { good: Number(runs) } : { bad: Number(runs) },
      )
    for (const { first_model, second_model, better, times } of await choices(db)) {
      const [winner, loser] =
        better === 'first' ? [first_model, second_model] : [second_model, first_model]
      add(winner, { won: Number(times) })
      add(loser, { lost: Number(times) })
    }
    return [...scores]
      .map(([model, counts]) => ({ model, ...counts }))
      .sort((a, b) => (a.model < b.model ? -1 : 1))
  }
}

function verdicts(db: Kysely<Tables>) {
  return db
    .selectFrom('judgements')
    .innerJoin('predictions', 'predictions.id', 'judgements.prediction')
    .select(['model_owner', 'model_name', 'verdict'])
    .select(({ fn }) => fn.countAll<number>().as('runs'))
    .where('verdict', 'is not', null)
    .groupBy(['model_owner', 'model_name', 'verdict'])
    .execute()
}

function choices(db: Kysely<Tables>) {
  return db
    .selectFrom('choices')
    .select(['first_model', 'second_model', 'better'])
    .select(({ fn }) => fn.countAll<number>().as('times'))
    .whereRef('first_model', '<>', 'second_model')
    .where('better', '<>', 'same')
    .groupBy(['first_model', 'second_model', 'better'])
    .execute()
}
