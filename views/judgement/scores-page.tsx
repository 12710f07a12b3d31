import type { ModelScore } from '../../src/domain/judgement/judgement.ts'
import { winRate } from '../../src/domain/judgement/win-rate.ts'
import { type ModelRef, modelName } from '../../src/domain/model-ref.ts'
import { Export } from '../history/tools.tsx'
import { Layout } from '../layout.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { SettingsHead } from '../settings/settings-head.tsx'
import { usePaths } from '../site.ts'
import { Percent } from './won-list.tsx'

interface ScoresPageProps {
  readonly scores: readonly ModelScore[]
  /** The model alone that is shown; null for all. */
  readonly model: ModelRef | null
}

/** How people judged models. */
export function ScoresPage({ scores, model }: ScoresPageProps) {
  const paths = usePaths()
  return (
    <Layout title='Judgements' current='settings'>
      <SettingsHead current='judgements' />
      <section aria-labelledby='by-model'>
        <header class='section-head'>
          <h2 id='by-model'>{model ? modelName(model) : 'By model'}</h2>
          <p>
            How often a run was chosen over one of another model, with the interval in which the
            rate is in 95 of 100 cases
          </p>
        </header>
        {scores.length === 0 ? (
          <p class='field-note'>Nothing was judged yet.</p>
        ) : (
          <ScrollTable
            label='Judgements by model, table'
            columns={['Model', 'Won', 'Win rate', 'Good', 'Bad']}
          >
            {scores.map((score) => (
              <ScoreRow {...score} />
            ))}
          </ScrollTable>
        )}
        <div class='actions'>
          <details class='menu'>
            <summary class='button'>Export</summary>
            <ul>
              <Export action={paths.judgementsJsonl()} name='JSONL' />
              <Export action={paths.judgementsCsv()} name='CSV' />
            </ul>
          </details>
          {model && (
            <a class='button bare' href={paths.judgements()}>
              All models
            </a>
          )}
        </div>
      </section>
    </Layout>
  )
}

function ScoreRow({ model, good, bad, won, lost }: ModelScore) {
  const rate = winRate(won, won + lost)
  const [owner = '', name = ''] = model.split('/')
  return (
    <tr>
      <td>
        <a href={usePaths().model({ owner, name })}>{model}</a>
      </td>
      <td>
        <span class='n'>
          {won} of {won + lost}
        </span>
      </td>
      <td>{rate ? <Percent {...rate} /> : ''}</td>
      <td>
        <span class='n'>{good}</span>
      </td>
      <td>
        <span class='n'>{bad}</span>
      </td>
    </tr>
  )
}
