import { expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { imageId } from '../support.ts'
import { image as hello, startMachine, workload } from './machine.ts'

/** It takes 132 million bytes. */
const imageOf = (digit: string) => ({
  ...hello,
  id: imageId(digit),
  name: `models/${digit}@sha256:${digit.repeat(64)}`,
})
const first = imageOf('a')
const second = imageOf('b')
const third = imageOf('c')

const of = ({ id, name }: typeof first, more: Parameters<typeof workload>[0] = {}) =>
  workload({ key: `test/${name}`, image: { id, name }, ...more })
const all = [of(first), of(second), of(third)]

type Engine = Awaited<ReturnType<typeof startMachine>>['engine']
const names = ({ images }: Engine) => [...images].map(({ name }) => name).sort()

async function start(images: readonly (typeof first)[] = []) {
  const machine = await startMachine({ images, registry: [first, second, third] })
  return { ...machine, server: machine.serve(all, { imagesMax: 300_000_000 }) }
}

it('removes the image that was used least recently when all take more than they may', async () => {
  const { engine, pass, server } = await start()
  for (const one of all.slice(0, 2))
    (await server.slot(one)).release()
    // The first is used once more.
  ;(await server.slot(of(first))).release()
  pass(61_000)
  await eventually(() => expect(engine.containers()).toEqual([]))
  ;(await server.slot(of(first))).release()
  const slot = await server.slot(of(third))
  await eventually(() => expect(names(engine)).toEqual([first.name, third.name]))
  slot.release()
})

it('keeps the image of a container that is there, though it was used longest ago', async () => {
  const { engine, pass, server } = await start()
  const busy = await server.slot(of(first))
  ;(await server.slot(of(second))).release()
  pass(61_000)
  await eventually(() => expect(engine.containers()).toHaveLength(1))
  const slot = await server.slot(of(third))
  await eventually(() => expect(names(engine)).toEqual([first.name, third.name]))
  for (const { release } of [busy, slot]) release()
})

it('pulls an image again that was removed', async () => {
  const { engine, pass, server } = await start([first, second])
  ;(await server.slot(of(third))).release()
  await eventually(() => expect(names(engine)).toHaveLength(2))
  pass(61_000)
  ;(await server.slot(of(first))).release()
  expect(names(engine)).toContain(first.name)
})
