import type { CheckedRows, RowError } from '../../src/domain/group/batch-row.ts'
import { plural } from '../format.tsx'
import type { BatchPageProps } from './batch-page.tsx'

type Problems = Pick<BatchPageProps, 'problem' | 'advice' | 'problems' | 'checked' | 'leavesOut'>

/** Whether something has to be put right before the rows can be run. */
export function isStopped({ problem, problems, checked, leavesOut }: Problems): boolean {
  const isWrong = checked !== null && (checked.ready === 0 || (checked.wrong > 0 && !leavesOut))
  return problem !== undefined || Object.keys(problems).length > 0 || isWrong
}

/** Why nothing was run, or how many rows are left out. */
export function BatchProblems(props: Problems) {
  const { problem, advice, problems, checked, leavesOut } = props
  const wrongFiles = Object.entries(problems)
  if (problem !== undefined || wrongFiles.length > 0)
    return (
      <section class='error-summary' id='problems' tabindex={-1} role='alert' autofocus>
        <h2>{problem ?? 'This batch needs another look'}</h2>
        {wrongFiles.length > 0 && (
          <ul>
            {wrongFiles.map(([name, sentence]) => (
              <li>
                <a href={`#${name}`}>{name}</a>: {sentence}
              </li>
            ))}
          </ul>
        )}
        <p>{advice && `${advice} `}Nothing was run.</p>
      </section>
    )
  if (!checked || checked.wrong === 0) return null
  if (leavesOut && checked.ready > 0)
    return (
      <p class='notice' id='problems' role='status'>
        {wrongOfAll(checked)} {checked.wrong === 1 ? 'is' : 'are'} left out.
      </p>
    )
  return <WrongLines checked={checked} />
}

/** The first wrong lines. */
const mostListed = 20

function WrongLines({ checked }: { checked: CheckedRows }) {
  const listed = checked.shown.filter(({ errors }) => errors.length > 0).slice(0, mostListed)
  const more = checked.wrong - listed.length
  return (
    <section class='error-summary' id='problems' tabindex={-1} role='alert' autofocus>
      <h2>
        {wrongOfAll(checked)} {checked.wrong === 1 ? 'needs' : 'need'} another look
      </h2>
      <ul>
        {listed.map(({ line, errors }) => (
          <li>
            <a href={`#line-${line}`}>Line {line}</a>: {errors.map(errorText).join(' ')}
          </li>
        ))}
        {more > 0 && <li>and {plural(more, 'more row')}</li>}
      </ul>
      <p>
        Nothing was run. Choose the file again when it is right
        {checked.ready > 0 && ', or leave these rows out'}.
      </p>
    </section>
  )
}

function wrongOfAll({ ready, wrong }: CheckedRows): string {
  return `${wrong.toLocaleString('en-GB')} of ${plural(ready + wrong, 'row')}`
}

/** `direction: “de” is not one of the choices.` */
export function errorText({ input, problem }: RowError): string {
  return input === null ? problem : `${input}: ${problem}`
}
