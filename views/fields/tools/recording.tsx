export type Recorded = 'audio' | 'image' | 'video'

/** The longest recordings, in seconds. */
const longest = { audio: 600, video: 300, image: 0 } as const

/**
 * The tools of a recording from the microphone or the camera. `public/record.js` puts the file that is
 * made into the control of the field.
 */
export function Recording({ kind }: { kind: Recorded }) {
  return (
    <div class='stack' role='group' aria-label={names[kind]} data-seconds={longest[kind]}>
      {kind !== 'audio' && <video muted playsinline aria-label='The camera' />}
      {kind === 'image' ? <Shutter /> : <Running />}
      {kind === 'audio' && <Wave />}
    </div>
  )
}

const names = { audio: 'Recording', image: 'Photo', video: 'Recording' } as const

function Shutter() {
  return (
    <p class='actions'>
      <button class='button' type='button' data-does='finish'>
        Take the photo
      </button>
      <button class='button bare' type='button' data-does='cancel'>
        Cancel
      </button>
    </p>
  )
}

function Running() {
  return (
    <div class='progress'>
      <span role='status' data-device='Recording from “{device}”' />
      <span class='mono'>0:00</span>
      <button class='button' type='button' data-does='finish'>
        Stop
      </button>
    </div>
  )
}

function Wave() {
  return (
    <div class='chart'>
      <svg
        class='wave'
        viewBox='0 0 120 40'
        preserveAspectRatio='none'
        role='img'
        aria-label='Loudness over the last 15 seconds'
      >
        <path class='heap' />
      </svg>
      <p>
        <span>0:00</span>
        <span>up to {longest.audio / 60} min</span>
      </p>
    </div>
  )
}
