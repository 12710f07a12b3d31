import { type Judgement, longestNote, type Verdict } from '../../src/domain/judgement/judgement.ts'
import { usePaths } from '../site.ts'

export interface JudgementBoxProps {
  /** Id of the prediction. */
  readonly prediction: string
  /** Whether the viewer may judge it. */
  readonly may: boolean
  /** What the viewer thinks. */
  readonly own: Pick<Judgement, 'verdict' | 'note'> | null
  readonly others: readonly OtherJudgement[]
}

interface OtherJudgement extends Pick<Judgement, 'verdict' | 'note'> {
  /** Null where people have no names. */
  readonly name: string | null
}

const words: Readonly<Record<Verdict, string>> = { good: 'Good', bad: 'Bad' }

/** What people think of a prediction, and a form for the viewer. */
export function JudgementBox({ prediction, may, own, others }: JudgementBoxProps) {
  if (!may && others.length === 0) return null
  return (
    <section class='stack' aria-labelledby='judgement'>
      <h2 id='judgement'>Is it good?</h2>
      {may && <JudgementForm prediction={prediction} own={own} />}
      {others.length > 0 && (
        <dl class='given'>
          {others.map(({ verdict, note, name }) => (
            <div>
              <dt>{name ?? 'somebody'}</dt>
              <dd>
                {verdict !== null && <b>{words[verdict]}</b>} {note}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}

function JudgementForm({ prediction, own }: Pick<JudgementBoxProps, 'prediction' | 'own'>) {
  const { verdict = null, note = '' } = own ?? {}
  return (
    <form method='post' action={usePaths().judgement(prediction)} class='stack'>
      <div class='actions'>
        {(['good', 'bad'] as const).map((one) => (
          <button
            class='button'
            type='submit'
            name='verdict'
            value={verdict === one ? '' : one}
            aria-pressed={String(verdict === one)}
          >
            {words[one]}
          </button>
        ))}
      </div>
      <details class='more' open={note !== ''}>
        <summary>Note</summary>
        <textarea name='note' rows={2} maxlength={longestNote} aria-label='Note'>
          {`\n${note}`}
        </textarea>
        <div class='actions'>
          <button class='button' type='submit' name='verdict' value={verdict ?? ''}>
            Save note
          </button>
        </div>
      </details>
    </form>
  )
}
