import { describeProvider } from '../conformance.ts'
import { setUpComfy } from '../support/comfy-parts.ts'

describeProvider('comfyui', setUpComfy)
