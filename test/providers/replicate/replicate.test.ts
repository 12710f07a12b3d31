import { describeProvider } from '../conformance.ts'
import { setUpReplicate } from '../support/replicate-parts.ts'

describeProvider('replicate', setUpReplicate)
