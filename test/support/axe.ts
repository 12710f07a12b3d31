import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright'
import { expect } from 'vitest'

/**
 * Expects that axe finds nothing on a page with scripts. Of a page that repeats one thing very often,
 * `without` selects what is left out. It is asked for violations alone, all frames in one call: else it
 * takes three times as long.
 */
export async function expectAccessible(page: Page, without?: string): Promise<void> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode()
  if (without !== undefined) axe.exclude(without)
  const { violations } = await axe.analyze()
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
  )
  expect(found, page.url()).toEqual([])
}
