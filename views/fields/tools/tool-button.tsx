import { isMask } from '../../../src/domain/form/input-role.ts'
import type { Property } from '../../../src/domain/schema/value-schema.ts'
import { useSite } from '../../site.ts'
import { MaskDrawing } from './mask-drawing.tsx'
import { type Recorded, Recording } from './recording.tsx'

interface ToolProps {
  readonly property: Property
  readonly accept: string | undefined
  readonly multiple: boolean
}

/** Makes a file for a field, with scripts: the button, and the template of the tool that it opens. */
export function ToolButton({ property, accept, multiple }: ToolProps) {
  const { assets } = useSite()
  if (!multiple && isMask(property))
    return (
      <>
        <button class='button camera' type='button' data-opens={assets['mask.js']}>
          Draw on the picture
        </button>
        <MaskDrawing input={property.name} />
      </>
    )
  const { kind, words, facing } = devices.find((one) => accept?.startsWith(`${one.kind}/`)) ?? {}
  if (!kind) return null
  return (
    <>
      <button
        class='button camera'
        type='button'
        data-takes={facing}
        data-opens={assets['record.js']}
        data-kind={kind}
      >
        {words}
      </button>
      <Recording kind={kind} />
    </>
  )
}

/**
 * A phone opens its own camera or recorder (`data-takes`). The control itself has no `capture`,
 * which would hide existing files.
 */
const devices: readonly {
  readonly kind: Recorded
  readonly words: string
  readonly facing: 'environment' | 'user'
}[] = [
  { kind: 'image', words: 'Take a photo', facing: 'environment' },
  { kind: 'video', words: 'Record a video', facing: 'environment' },
  { kind: 'audio', words: 'Record', facing: 'user' },
]

/** Why a tool cannot be used, and what to do instead. Scripts show one of the sentences. */
export function ToolTrouble() {
  return (
    <p
      class='field-note'
      role='alert'
      hidden
      data-no-picture='No other input has a picture to draw on. Choose one first: a picture at an address elsewhere cannot be drawn on.'
      data-no-drawing='Nothing is painted yet. Paint on the picture, or press Cancel.'
      data-too-large='This picture is too large to draw on in this browser. Choose a mask that was made elsewhere.'
      data-insecure='Browsers only record on pages that are opened by https. Choose a file instead.'
      data-refused='The browser does not let this page use the microphone or the camera. Allow it in the settings of the page, or choose a file.'
      data-missing='No microphone or camera was found. Connect one, or choose a file.'
      data-busy='The microphone or the camera could not be used. Another program may be using it.'
      data-unloaded='This tool could not be loaded. Check the connection, or choose a file.'
    />
  )
}
