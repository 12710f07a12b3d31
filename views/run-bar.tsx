import type { ModelRef, Warmth } from '../src/domain/model.ts'
import { warmthNames } from './model-head.tsx'
import { usePaths } from './site.ts'

interface RunBarProps {
  readonly model: ModelRef
  readonly warmth: Warmth
}

/** The foot of the form: Run, and how it goes with sending what was chosen. */
export function RunBar({ model, warmth }: RunBarProps) {
  const paths = usePaths()
  return (
    <footer class='run-bar'>
      <Sending />
      <div>
        <button class='button run' type='submit'>
          Run
        </button>
        <p>{warmth === 'cold' ? 'Cold: starts first' : warmthNames[warmth]}</p>
        <button class='button bare' type='submit' name='link' value='inputs' formnovalidate>
          Copy link
        </button>
        <a class='button bare' href={paths.model(model)}>
          Reset
        </a>
      </div>
    </footer>
  )
}

/**
 * How far files are sent, and why they were not. `public/upload.js` shows one or the other, in
 * these words; without scripts the browser itself says both.
 */
function Sending() {
  return (
    <>
      <div class='progress sending' hidden>
        <label for='sending'>Sending files</label>
        <span class='mono' data-sent='Sent, waiting for the answer' />
        <button class='button bare' type='button' data-stops>
          Stop
        </button>
        <progress id='sending' max='1' />
      </div>
      <p
        class='unsent'
        role='alert'
        hidden
        data-unreached='The server could not be reached, or broke off. Nothing was run, and all you typed and chose is still here. Press Run to try again.'
        data-too-large='What was sent is larger than a server on the way takes. Nothing was run, and all you typed and chose is still here.'
        data-refused='Nothing was run, and all you typed and chose is still here. The server answered:'
      />
    </>
  )
}
