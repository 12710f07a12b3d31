import { type Kysely, sql } from 'kysely'

/** How each model was judged, counted with each change: counting a million judgements takes ten seconds. */
export async function countModelScores(db: Kysely<unknown>): Promise<void> {
  const count = ['good', 'bad', 'won', 'lost']
  await count
    .reduce(
      (table, name) => table.addColumn(name, 'bigint', (column) => column.notNull().defaultTo(0)),
      db.schema
        .createTable('model_scores')
        .addColumn('model', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('model_scores_key', ['model']),
    )
    .execute()
  await sql`
    insert into model_scores (model, good, bad, won, lost)
    select model, sum(good), sum(bad), sum(won), sum(lost) from (
      select p.model_owner || '/' || p.model_name as model,
        case j.verdict when 'good' then 1 else 0 end as good,
        case j.verdict when 'bad' then 1 else 0 end as bad, 0 as won, 0 as lost
      from judgements j join predictions p on p.id = j.prediction where j.verdict is not null
      union all
      select case better when 'first' then first_model else second_model end, 0, 0, 1, 0
      from choices where better <> 'same' and first_model <> second_model
      union all
      select case better when 'first' then second_model else first_model end, 0, 0, 0, 1
      from choices where better <> 'same' and first_model <> second_model
    ) as judged group by model`.execute(db)
}
