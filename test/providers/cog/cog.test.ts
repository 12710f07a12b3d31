import { describeProvider } from '../conformance.ts'
import { setUpCog } from '../support/cog-parts.ts'
import { setUpCogImages } from './support/image-parts.ts'

// Cog 0.9 cannot cancel what somebody waits for: what it does instead is in cog-cancel.test.ts.
for (const generation of ['0.14', '0.16', 'coglet'] as const)
  describeProvider(`cog ${generation}`, () => setUpCog(generation))

for (const generation of ['0.16', 'coglet'] as const)
  describeProvider(`cog ${generation} from images`, () => setUpCogImages(generation))
