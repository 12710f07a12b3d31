import type { Kysely, Selectable } from 'kysely'
import type { Choice, Judgement } from '../../../domain/judgement/judgement.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import type { JudgementStore } from '../../judgements.ts'
import { lockKey, lockPrediction } from '../database.ts'
import type { ChoiceRow, JudgementRow, Tables } from '../tables.ts'
import type { Write } from '../writer.ts'
import { countChoice, countVerdict, createScoreReader } from './scores.ts'

const mostShown = 50
const mostChoices = 10_000

/** What people think of predictions. */
export function createJudgementStore(db: Kysely<Tables>, write: Write): JudgementStore {
  return {
    ...createScoreReader(db),

    judge: (judgement) =>
      write(async (trx) => {
        const { prediction, judge, verdict } = judgement
        await lockPrediction(trx, prediction)
        const judged = await trx
          .selectFrom('predictions')
          .select(['model_owner', 'model_name'])
          .where('id', '=', prediction)
          .executeTakeFirst()
        if (!judged) return
        const before = await trx
          .deleteFrom('judgements')
          .where('prediction', '=', prediction)
          .where('judge', '=', judge)
          .returning(['verdict', 'note'])
          .executeTakeFirst()
        const note = judgement.note ?? before?.note ?? ''
        if (verdict !== null || note !== '')
          await trx
            .insertInto('judgements')
            .values(judgementRow({ ...judgement, note }))
            .execute()
        const model = { owner: judged.model_owner, name: judged.model_name }
        await countVerdict(trx, model, { before: before?.verdict ?? null, after: verdict })
      }),

    async judgementsOf(prediction) {
      const rows = await db
        .selectFrom('judgements')
        .selectAll()
        .where('prediction', '=', prediction)
        .orderBy('judged_at', 'desc')
        .orderBy('judge')
        .limit(mostShown)
        .execute()
      return rows.map(judgementOf)
    },

    async judgementsBy(judge, predictions) {
      if (judge === '' || predictions.length === 0) return new Map()
      const rows = await db
        .selectFrom('judgements')
        .selectAll()
        .where('judge', '=', judge)
        .where('prediction', 'in', predictions)
        .execute()
      return new Map(rows.map((row) => [row.prediction, judgementOf(row)]))
    },

    choose: (choice) =>
      write(async (trx) => {
        const { group, first, second, judge, better } = choice
        await lockKey(trx, `choice ${group} ${first.id} ${second.id} ${judge}`)
        const before = await trx
          .deleteFrom('choices')
          .where('run_group', '=', group)
          .where('first', '=', first.id)
          .where('second', '=', second.id)
          .where('judge', '=', judge)
          .returning('better')
          .executeTakeFirst()
        await trx.insertInto('choices').values(choiceRow(choice)).execute()
        await countChoice(trx, choice, { before: before?.better ?? null, after: better })
      }),

    async choicesIn(group) {
      const rows = await db
        .selectFrom('choices')
        .selectAll()
        .where('run_group', '=', group)
        .limit(mostChoices)
        .execute()
      return rows.map(choiceOf)
    },

    async judgementsAfter(last, limit) {
      const rows = await db
        .selectFrom('judgements')
        .innerJoin('predictions', 'predictions.id', 'judgements.prediction')
        .selectAll('judgements')
        .select(['predictions.model_owner', 'predictions.model_name'])
        .$if(last !== null, (query) =>
          query.where(({ eb, refTuple, tuple }) =>
            eb(
              refTuple('judgements.prediction', 'judgements.judge'),
              '>',
              tuple(last?.prediction ?? '', last?.judge ?? ''),
            ),
          ),
        )
        .orderBy('judgements.prediction')
        .orderBy('judgements.judge')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        ...judgementOf(row),
        model: { owner: row.model_owner, name: row.model_name },
      }))
    },

    async choicesAfter(last, limit) {
      const rows = await db
        .selectFrom('choices')
        .selectAll()
        .$if(last !== null, (query) =>
          query.where(({ eb, refTuple, tuple }) =>
            eb(
              refTuple('run_group', 'first', 'second', 'judge'),
              '>',
              tuple(
                last?.group ?? '',
                last?.first.id ?? '',
                last?.second.id ?? '',
                last?.judge ?? '',
              ),
            ),
          ),
        )
        .orderBy('run_group')
        .orderBy('first')
        .orderBy('second')
        .orderBy('judge')
        .limit(limit)
        .execute()
      return rows.map(choiceOf)
    },
  }
}

function judgementRow({ prediction, judge, verdict, note, at }: Judgement): JudgementRow {
  return { prediction, judge, verdict, note, judged_at: at }
}

function judgementOf(row: Selectable<JudgementRow>): Judgement {
  const { prediction, judge, verdict, note, judged_at } = row
  return { prediction, judge, verdict, note, at: judged_at }
}

function choiceRow({ group, first, second, judge, better, at }: Choice): ChoiceRow {
  return {
    run_group: group,
    first: first.id,
    second: second.id,
    judge,
    first_model: modelName(first.model),
    second_model: modelName(second.model),
    better,
    chosen_at: at,
  }
}

function choiceOf(row: Selectable<ChoiceRow>): Choice {
  return {
    group: row.run_group,
    first: { id: row.first, model: refOf(row.first_model) },
    second: { id: row.second, model: refOf(row.second_model) },
    judge: row.judge,
    better: row.better,
    at: row.chosen_at,
  }
}

function refOf(text: string): ModelRef {
  const [owner = '', name = ''] = text.split('/')
  return { owner, name }
}
