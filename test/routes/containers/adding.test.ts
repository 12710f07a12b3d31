import { afterEach, describe, expect, it } from 'vitest'
import { greetingImage, type ImageApp, startImageApp } from '../../support/containers/image-app.ts'

let sandpit: ImageApp
afterEach(() => sandpit.close())

describe('an image that is looked at', () => {
  it('is shown with its form, and what it takes to run it, before anything is pulled', async () => {
    const image = greetingImage('1', { gpu: true })
    sandpit = await startImageApp({ images: [image] })
    const answer = await sandpit.olga.post('/models/new', { where: image.name })
    const text = await answer.text()
    expect(answer.status).toBe(200)
    for (const fact of ['needs a GPU', 'one run at a time', 'Cog 0.16.8', '126 MB, here already'])
      expect(text).toContain(fact)
    expect(text).toMatch(/>name<\/\w+>/)
    expect(sandpit.engine.pulls).toEqual([])
    expect(sandpit.engine.containers()).toEqual([])
    expect(sandpit.records.all()).toEqual([])
  })
})
