import type { Warmth } from '../../src/domain/model/model.ts'
import { formatAbout } from '../format.tsx'
import { warmthNames } from '../model/model-head.tsx'
import { usePaths } from '../site.ts'
import { QuotaUsed } from './quota-used.tsx'

interface RunBarProps {
  /** The address of the form without what was typed. */
  readonly reset: string
  readonly warmth: Warmth
  /** How long a run takes, and who waits: see `runEstimate`. */
  readonly estimate?: string | undefined
  /** See `usedText`. */
  readonly quota?: string | undefined
}

export interface Expected {
  /** How long a run typically takes, in milliseconds; null when that is not known. */
  readonly typicalMs: number | null
  /** Whether the run boots the model first. */
  readonly isCold: boolean
  /** How long that typically takes; null when that is not known. */
  readonly bootMs: number | null
  /** How many predictions run or wait before the next one. */
  readonly ahead: number
  /** Whether others take turns with the viewer, so that this number may change. */
  readonly isShared?: boolean
}

/** The text after the warmth in the bar: `, about 4 s · about 3 before you`. */
export function runEstimate({ typicalMs, isCold, bootMs, ahead, isShared }: Expected): string {
  const waits = ahead > 0 ? ` · ${isShared ? 'about ' : ''}${ahead} before you` : ''
  if (typicalMs === null) return isCold ? `, slower to start${waits}` : waits
  if (!isCold) return `, ${formatAbout(typicalMs)}${waits}`
  if (bootMs === null) return `, slower to start${waits}`
  return `, first run takes ${formatAbout(bootMs + typicalMs)}${waits}`
}

/** The footer of the form: Run, and the progress of uploads. */
export function RunBar({ reset, warmth, estimate = '', quota = '' }: RunBarProps) {
  return (
    <footer class='run-bar'>
      <Pasted />
      <Sending />
      <div>
        <button class='button run' type='submit'>
          Run
        </button>
        <p>
          <span data-warmth>{warmthNames[warmth]}</span>
          <span data-estimate>{estimate}</span>
          <QuotaUsed text={quota} />
        </p>
        <button
          class='button bare'
          type='submit'
          id='copy-link'
          name='link'
          value='inputs'
          formnovalidate
        >
          Copy link
        </button>
        <a class='button bare' href={reset} data-discards>
          Reset
        </a>
      </div>
    </footer>
  )
}

/** Says that the form holds what was typed before a reload: `public/kept-inputs.js` shows it. */
export function Restored() {
  return (
    <p class='notice' id='restored' role='status' hidden>
      <span>Restored what you typed.</span>{' '}
      <button class='button bare' type='button' data-discards>
        Discard
      </button>
    </p>
  )
}

/** Where a file that was pasted on the page went: `public/file-field.js` fills it in. */
function Pasted() {
  return (
    <p
      class='field-note'
      id='pasted'
      role='status'
      data-into='{file} was pasted into {input}. Remove takes it out again.'
      data-full='{file} was not pasted: each input that takes it has a file.'
    />
  )
}

const unrun = 'Nothing was run. Your inputs and files are still here.'
const unknown =
  'Nothing was run, as far as this page can tell. Your inputs and files are still here. Press Run to try again: it will not run twice.'

/**
 * The progress of uploads, which `public/sent-form.js` shows, and the messages for those that fail,
 * which `public/upload.js` shows. Without scripts browsers have their own.
 */
function Sending() {
  return (
    <>
      <div class='progress sending' hidden>
        <label for='sending'>Uploading files</label>
        <span class='mono' data-sent='Uploaded. Waiting for the server' />
        <button class='button bare' type='button' data-stops>
          Stop
        </button>
        <progress id='sending' max='1' />
      </div>
      <div
        class='unsent'
        role='alert'
        hidden
        data-unreached={`The server could not be reached, or the connection was lost. ${unknown}`}
        data-too-large={`This is larger than a proxy in front of the server accepts. ${unrun}`}
        data-signed-out={`You may be signed out. ${unrun} Sign in again, then press Run.`}
        data-busy={`Too many requests. ${unrun} Press Run again in a minute.`}
        data-unavailable={`A proxy in front of the server returned an error ({detail}). ${unknown}`}
        data-refused={`${unrun} The server returned: {detail}`}
      >
        <span />{' '}
        <a href={usePaths().home()} target='_blank' hidden rel='noopener'>
          Sign in in a new tab
        </a>
      </div>
    </>
  )
}
