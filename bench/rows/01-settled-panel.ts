import type { Row } from '../row.ts'
import { againstBare } from '../support/against-bare.ts'
import { noop } from '../support/models.ts'
import { withSandpit } from '../support/sandpit.ts'
import { createVisitor } from '../support/visitor.ts'

export const settledPanel: Row = {
  name: '1',
  title: 'A settled panel, against a bare node:http server that sends the same bytes',
  measure: (checkout) =>
    withSandpit(checkout, noop, async (server) => {
      const visitor = await createVisitor(server.port, 'bench/noop')
      const path = await visitor.finish({ text: 'settled' })
      return againstBare(server, visitor.get(`${path}/panel`), 0.5)
    }),
}
