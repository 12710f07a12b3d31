import { tailOf } from '../../src/domain/json/excerpt.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { hasFailed, isSettled } from '../../src/domain/prediction/status.ts'
import { terminalText } from '../../src/domain/prediction/terminal-text.ts'
import { plural } from '../format.tsx'
import { usePaths } from '../site.ts'

/** The last of a long log: the whole is a link away. In bytes of a page. */
const mostBytes = 16 * 1024

/** What the model said while it ran. The end is in view, and stays there as more comes. */
export function Logs({ prediction }: { prediction: Prediction }) {
  const paths = usePaths()
  const { id, logs } = prediction
  const text = terminalText(logs)
  const shown = tailOf(text, mostBytes)
  const failed = hasFailed(prediction)
  // Another element than before, where a live update would leave it closed as it was.
  const name = failed ? 'failure-log' : 'log'
  return (
    <details class='logs' id={`${name}s`} open={failed}>
      <summary>
        Logs <samp>{isSettled(prediction) ? plural(linesIn(text), 'line') : lastLine(text)}</samp>
      </summary>
      <pre tabindex={0} role='region' aria-label='Logs'>
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

/** The lines that say what went wrong stand out. */
function Marked({ text }: { text: string }) {
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

function lastLine(logs: string): string {
  return logs.slice(-4096).trimEnd().split('\n').at(-1)?.slice(-120) ?? ''
}
