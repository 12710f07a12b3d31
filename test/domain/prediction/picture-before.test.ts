import { expect, it } from 'vitest'
import { fileUri } from '../../../src/domain/file/file.ts'
import { outputOf } from '../../../src/domain/prediction/output.ts'
import { unknownSchema } from '../../../src/domain/schema/schema.ts'
import { fileOf, predictionOf } from '../../support/domain.ts'

const pixels = { width: 600, height: 400 }
const before = fileOf(1, { pixels })
const after = fileOf(2, { pixels })
const other = fileOf(3, { pixels: { width: 600, height: 401 } })
const files = [before, after, other]
const from = (input: typeof before, output: readonly (typeof before)[]) =>
  outputOf(
    predictionOf({ files, input: { deep: [fileUri(input)] }, output: output.map(fileUri) }),
    unknownSchema.output,
  )

it('compares one picture with the input of its size', () => {
  expect(from(before, [after])).toEqual({ kind: 'image', file: after, before })
})

it('compares nothing with an input of another size, with itself, or when there are several', () => {
  expect(from(other, [after])).toEqual({ kind: 'gallery', files: [after] })
  expect(from(after, [after])).toEqual({ kind: 'gallery', files: [after] })
  expect(from(before, [after, other])).toMatchObject({ kind: 'gallery', files: [after, other] })
})
