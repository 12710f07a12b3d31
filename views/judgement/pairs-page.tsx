import type { GroupMember, RunGroup } from '../../src/domain/group/group.ts'
import { withUnnamedFiles } from '../../src/domain/judgement/unnamed-files.ts'
import type { Output } from '../../src/domain/output/output.ts'
import { isPicture, type OutputFile } from '../../src/domain/output/output-file.ts'
import { outputOf } from '../../src/domain/prediction/output.ts'
import type { ComparedPrediction } from '../difference/comparison-page.tsx'
import { Layout } from '../layout.tsx'
import { OutputView } from '../outputs/index.tsx'
import { pixelsOf } from '../outputs/parts/file-caption.tsx'
import { fileHref } from '../outputs/parts/file-href.ts'
import { usePaths } from '../site.ts'
import { type Tally, WonList } from './won-list.tsx'

interface PairsPageProps {
  readonly group: RunGroup
  /** The runs that are compared. */
  readonly runs: readonly GroupMember[]
  /** The two to choose from, left and right; null when there are none, or no more. */
  readonly sides: readonly [ComparedPrediction, ComparedPrediction] | null
  /** From how many of all pairs the viewer chose. */
  readonly done: { readonly judged: number; readonly pairs: number }
  /** How often each was chosen; null until that is shown. */
  readonly tally: Tally | null
}

/** A blind choice between two runs of a group; afterwards, how often each was chosen. */
export function PairsPage({ group, runs, sides, done, tally }: PairsPageProps) {
  const paths = usePaths()
  return (
    <Layout title='Which is better?' current='predictions'>
      <header class='page-head'>
        <p class='facts'>
          <a href={paths.group(group.id)}>{group.title}</a>{' '}
          <span>
            {done.judged} of {done.pairs} pairs
          </span>
        </p>
        <h1>Which is better?</h1>
      </header>
      {done.pairs === 0 && (
        <p class='lede'>There are not two finished runs in this group that you may judge.</p>
      )}
      {sides && <PairForm group={group} sides={sides} />}
      {tally && done.pairs > 0 && (
        <section class='stack measure' aria-labelledby='so-far'>
          <h2 id='so-far'>So far</h2>
          <WonList group={group} runs={runs} tally={tally} />
          {done.judged < done.pairs && (
            <p>
              <a class='button' href={paths.groupJudgement(group.id)}>
                Go on
              </a>
            </p>
          )}
        </section>
      )}
    </Layout>
  )
}

interface PairFormProps {
  readonly group: RunGroup
  readonly sides: readonly [ComparedPrediction, ComparedPrediction]
}

const answers = [
  ['left', 'Left'],
  ['same', 'No difference'],
  ['right', 'Right'],
] as const

function PairForm({ group, sides: [left, right] }: PairFormProps) {
  const action = usePaths().groupJudgement(group.id)
  return (
    <div class='workbench'>
      <form class='stack' method='post' action={action}>
        <input type='hidden' name='left' value={left.prediction.id} />
        <input type='hidden' name='right' value={right.prediction.id} />
        <div class={[left, right].every(hasPictures) ? 'gallery' : 'columns'}>
          <Blind {...left} name='Left' />
          <Blind {...right} name='Right' />
        </div>
        <div class='actions'>
          {answers.map(([value, name]) => (
            <button class='button' type='submit' name='better' value={value}>
              {name}
            </button>
          ))}
          <a class='button bare' href={`${action}?reveal`}>
            Show what was chosen so far
          </a>
        </div>
        <p class='field-note'>
          Sides are shuffled. What each was made with is shown after the last pair.
        </p>
      </form>
    </div>
  )
}

/** An output without anything of ours that names its model or inputs: not even the names of its files. */
function Blind({ prediction, schema, name }: ComparedPrediction & { readonly name: string }) {
  const paths = usePaths()
  const output = outputOf(withUnnamedFiles(prediction), schema.output)
  const files = picturesOf(output)
  return (
    <section aria-label={name}>
      <h2>{name}</h2>
      {files.length === 0 ? (
        <OutputView output={output} prediction={prediction.id} id={`output-${name}`} />
      ) : (
        files.map((file) => (
          <figure>
            <img src={fileHref(paths, prediction.id, file)} alt={name} {...pixelsOf(file)} />
          </figure>
        ))
      )}
    </section>
  )
}

function hasPictures({ prediction, schema }: ComparedPrediction): boolean {
  return picturesOf(outputOf(prediction, schema.output)).length > 0
}

/** The pictures of an output that is nothing else. */
function picturesOf(output: Output): OutputFile[] {
  if (output.kind === 'image') return [output.file]
  return output.kind === 'gallery' ? output.files.filter(isPicture) : []
}
