import { isFileSchema, type ValueSchema } from '../schema/value-schema.ts'
import type { Model } from './model.ts'

/** The kind of thing that a model makes. */
export type Makes = (typeof makesKinds)[number]

export const makesKinds = ['image', 'text', 'audio', 'video', '3d', 'data', 'file'] as const

type Described = Pick<Model, 'ref' | 'description' | 'version'>

/** The kind of a model’s output by its schema. The kind of a file is told by what its texts mention. */
export function makes({ ref, description, version }: Described): Makes {
  const { output } = version.schema
  const kind = kindOf(output)
  if (kind !== 'file') return kind
  const own = fileKind(`${output.title ?? ''} ${output.description ?? ''}`)
  return own === 'file' ? fileKind(`${ref.name} ${description}`) : own
}

/** Schemas are looked into so deep. */
const mostDepth = 3

function kindOf(schema: ValueSchema, depth = 0): Makes {
  if (isFileSchema(schema)) return 'file'
  if (schema.type === 'string') return 'text'
  if (depth === mostDepth) return 'data'
  if (schema.type === 'array' && schema.items) {
    const items = kindOf(schema.items, depth + 1)
    return items === 'text' && !schema.concatenate && !schema.iterator ? 'data' : items
  }
  const within = schema.properties?.map((property) => kindOf(property.schema, depth + 1))
  return within?.includes('file') ? 'file' : 'data'
}

const mentions: readonly (readonly [Makes, RegExp])[] = [
  ['video', /\b(?:videos?|animat\w*|films?|movies?|clips?|t2v|i2v)\b/],
  ['audio', /\b(?:audio|speech|music|songs?|sounds?|voices?|tts|melod\w*|tunes?|chimes?)\b/],
  ['3d', /\b(?:3d|mesh(?:es)?|point clouds?|gaussian splat\w*|glb)\b/],
  [
    'image',
    /\b(?:images?|pictures?|photos?|photographs?|portraits?|drawings?|illustrations?|logos?|posters?|paint\w*|diffusion|upscal\w*|inpaint\w*|backgrounds?|faces?|sdxl|flux|loras?|fractals?|qr|png|svg|jpe?g|webp)\b/,
  ],
]

const mostUnits = 1_000

function fileKind(text: string): Makes {
  const words = text.slice(0, mostUnits).toLowerCase().replaceAll(/[_-]/g, ' ')
  return mentions.find(([, mention]) => mention.test(words))?.[0] ?? 'file'
}
