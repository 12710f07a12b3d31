import { isMask } from '../../../src/domain/form/input-role.ts'
import type { Property } from '../../../src/domain/schema/value-schema.ts'
import { useSite } from '../../site.ts'
import type { Recorded } from './recording.tsx'

interface ToolProps {
  readonly property: Property
  readonly accept: string | undefined
  readonly multiple: boolean
}

/** Makes a file for a field, with scripts: the button that opens the tool. */
export function ToolButton({ property, accept, multiple }: ToolProps) {
  const { assets } = useSite()
  if (!multiple && isMask(property))
    return (
      <button class='button camera' type='button' data-opens={assets['mask.js']} data-tool='mask'>
        Draw on the picture
      </button>
    )
  const { kind, words, facing } = devices.find((one) => accept?.startsWith(`${one.kind}/`)) ?? {}
  if (!kind) return null
  return (
    <button
      class='button camera'
      type='button'
      data-takes={facing}
      data-opens={assets['record.js']}
      data-tool={kind}
    >
      {words}
    </button>
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

/** Where scripts say why a tool cannot be used. */
export function ToolTrouble() {
  return <p class='field-note' role='alert' hidden data-trouble />
}
