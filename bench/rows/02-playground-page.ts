import type { Row } from '../row.ts'
import { againstBare } from '../support/against-bare.ts'
import { twentyFields } from '../support/models.ts'
import { withSandpit } from '../support/sandpit.ts'
import { createVisitor } from '../support/visitor.ts'

export const playgroundPage: Row = {
  number: 2,
  title: 'A playground page of 20 fields, the same way, without compression',
  measure: () =>
    withSandpit(twentyFields, async (server) => {
      const visitor = await createVisitor(server.port, 'bench/fields')
      return againstBare(server, visitor.get('/bench/fields'), 0.25)
    }),
}
