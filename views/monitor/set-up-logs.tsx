import type { SetUpLog } from '../../src/domain/instance/set-up-log.ts'
import { tailOf } from '../../src/domain/json/excerpt.ts'
import { terminalText } from '../../src/domain/prediction/terminal-text.ts'
import { lastLine, Marked } from '../outputs/logs.tsx'

/** The end of long logs is shown, up to so many bytes of a page. */
const mostBytes = 16 * 1024

/** What the last set-up wrote. `href`: all of it, as text. */
export function SetUpLogs({ log, href }: { readonly log: SetUpLog; readonly href: string }) {
  const { engine, hasFailed } = log
  const text = terminalText(log.text)
  const title = `Logs of the last set-up${engine === null ? '' : ` on ${engine}`}`
  // A live update keeps an element as the reader left it; a new id opens the logs of a failure.
  const id = hasFailed ? 'failed-set-up' : 'set-up'
  return (
    <details class='logs' id={`${id}-logs`} open={hasFailed}>
      <summary>
        {title} <samp>{lastLine(text)}</samp>
      </summary>
      <pre tabindex={0} role='region' aria-label={title}>
        <span id={id}>
          <Marked text={tailOf(text, mostBytes)} />
        </span>
      </pre>
      <div class='actions'>
        <button class='button bare' type='button' data-copies={id}>
          Copy
        </button>
        <a class='button bare' href={href} download>
          Download
        </a>
      </div>
    </details>
  )
}
