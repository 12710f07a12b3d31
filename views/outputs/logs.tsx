import { tailOf } from '../../src/domain/json/excerpt.ts'
import {
  hasFailed,
  isSettled,
  outputLength,
  type Prediction,
} from '../../src/domain/prediction/prediction.ts'
import { terminalText } from '../../src/domain/prediction/terminal-text.ts'
import { formatCount, type Reasoning } from '../../src/domain/prediction/token-figures.ts'
import { formatMs, plural } from '../format.tsx'
import { usePaths } from '../site.ts'

/** The end of long logs is shown, up to so many bytes of a page. */
const mostBytes = 16 * 1024

interface LogsProps {
  readonly prediction: Prediction
  /** Of a chat model, whose logs are its reasoning; null for other logs. */
  readonly reasoning?: Reasoning | null
}

/** The logs of a run, scrolled to the end. */
export function Logs({ prediction, reasoning = null }: LogsProps) {
  const paths = usePaths()
  const { id, logs } = prediction
  const text = terminalText(logs)
  const shown = tailOf(text, mostBytes)
  const failed = hasFailed(prediction)
  // A live update keeps an element as the reader left it; a new id opens the logs of a failure.
  const name = failed ? 'failure-log' : 'log'
  return (
    <details class='logs' id={`${name}s`} open={failed}>
      <summary>
        {reasoning ? (
          <ReasoningSummary {...{ prediction, reasoning, text }} />
        ) : (
          <>
            Logs{' '}
            <samp>{isSettled(prediction) ? plural(linesIn(text), 'line') : lastLine(text)}</samp>
          </>
        )}
      </summary>
      <pre tabindex={0} role='region' aria-label={reasoning ? 'Reasoning' : 'Logs'}>
        <span id={name}>{failed ? <Marked text={shown} /> : shown}</span>
      </pre>
      <div class='actions'>
        {shown.length < text.length ? (
          <span class='field-note'>
            Showing the last 16 KB. <a href={paths.logs(id)}>View all</a>
          </span>
        ) : (
          <button class='button bare' type='button' data-copies={name}>
            Copy
          </button>
        )}
        <a class='button bare' href={paths.logs(id)} download={`${id}.log.txt`}>
          Download
        </a>
      </div>
    </details>
  )
}

interface ReasoningSummaryProps {
  readonly prediction: Prediction
  readonly reasoning: Reasoning
  readonly text: string
}

function ReasoningSummary({ prediction, reasoning, text }: ReasoningSummaryProps) {
  const { ms, tokens } = reasoning
  const isReasoning = !isSettled(prediction) && outputLength(prediction) === 0
  if (isReasoning)
    return (
      <>
        Reasoning… <samp>{lastLine(text)}</samp>
      </>
    )
  return (
    <>
      {ms === null ? 'Reasoned' : `Reasoned for ${formatMs(ms)}`}{' '}
      {tokens !== null && <samp>{formatCount(tokens)} tokens</samp>}
    </>
  )
}

/** Highlights the lines with errors. */
export function Marked({ text }: { text: string }) {
  return (
    <>
      {text
        .split(/(?<=\n)/)
        .map((line) => (/error|exception|traceback/i.test(line) ? <mark>{line}</mark> : line))}
    </>
  )
}

function linesIn(logs: string): number {
  let lines = logs.endsWith('\n') ? 0 : 1
  for (let at = logs.indexOf('\n'); at >= 0; at = logs.indexOf('\n', at + 1)) lines++
  return lines
}

/** The last line that is not blank, as far as it is short. */
export function lastLine(logs: string): string {
  return logs.slice(-4096).trimEnd().split('\n').at(-1)?.slice(-120) ?? ''
}
