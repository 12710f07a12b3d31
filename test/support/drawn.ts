import type { Locator } from 'playwright'
import { expect } from 'vitest'
import { eventually } from './eventually.ts'

/** Expects that a picture is loaded, which comes after its page: of this width, where one is given. */
export async function expectDrawn(picture: Locator, width?: number): Promise<void> {
  await eventually(async () => {
    const drawn = await picture.evaluate(
      (image: HTMLImageElement) => image.complete && image.naturalWidth,
    )
    if (width === undefined) expect(drawn).toBeGreaterThan(0)
    else expect(drawn).toBe(width)
  })
}
