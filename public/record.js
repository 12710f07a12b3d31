// Records from the microphone or the camera, or takes a photo.

/** Opens the tools of a field. `tell` shows why that is not possible. */
export async function open({ field, tool, button, tell, close, give }) {
  const kind = button.dataset.tool
  if (!navigator.mediaDevices) return tell('insecure')
  const wanted = { audio: kind !== 'image' && { channelCount: 1 }, video: kind !== 'audio' }
  const stream = await navigator.mediaDevices.getUserMedia(wanted).catch(({ name }) => name)
  if (typeof stream === 'string') return tell(faults[stream] ?? 'busy')

  const session = kind === 'image' ? photograph(tool, stream) : record(tool, stream, kind)
  const stop = () => {
    for (const track of stream.getTracks()) track.stop()
    session.end()
    close()
  }
  let isDone = false
  const finish = async () => {
    if (isDone) return
    isDone = true
    const file = await session.file(field.querySelector('[type=file]').accept).catch(() => null)
    if (file) give(file)
    else tell('busy')
    stop()
  }
  session.onLimit(finish)
  for (const track of stream.getTracks()) track.addEventListener('ended', finish)
  tool.addEventListener('click', ({ target: { dataset } }) => {
    if (dataset.does === 'finish') finish()
    if (dataset.does === 'cancel') stop()
  })
  // A recording is used when the form is sent. A photo that was not taken is not.
  return kind === 'image' ? stop : finish
}

const faults = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
}

function watch(tool, stream) {
  const video = tool.querySelector('video')
  if (!video) return null
  video.srcObject = stream
  video.play().catch(() => {})
  return video
}

function photograph(tool, stream) {
  const video = watch(tool, stream)
  return { end() {}, onLimit() {}, file: (accept) => photoOf(video, accept) }
}

/** Records until `file` is called, or the time is up. */
function record(tool, stream, kind) {
  watch(tool, stream)
  const [device, clock] = tool.querySelectorAll('.progress span')
  const { label } = (kind === 'audio' ? stream.getAudioTracks() : stream.getVideoTracks())[0]
  device.textContent = device.dataset.device.replace('{device}', label)
  const recorder = new MediaRecorder(stream, { mimeType: typeFor(kind) })
  const parts = []
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data))
  recorder.start(1000)
  const draw = kind === 'audio' ? loudness(tool, stream) : null
  const began = performance.now()
  let onLimit
  const ticks = setInterval(() => {
    const seconds = Math.floor((performance.now() - began) / 1000)
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
    draw?.()
    if (seconds >= tool.dataset.seconds) onLimit()
  }, 250)
  return {
    end() {
      clearInterval(ticks)
      draw?.end()
    },
    onLimit: (then) => {
      onLimit = then
    },
    async file() {
      clearInterval(ticks)
      if (recorder.state !== 'inactive')
        await new Promise((resolve) => {
          recorder.addEventListener('stop', resolve)
          recorder.stop()
        })
      return fileOf(new Blob(parts, { type: recorder.mimeType }), kind)
    },
  }
}

/** Draws the loudness of the last 60 quarters of a second. */
function loudness(tool, stream) {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const bars = []
  const draw = () => {
    analyser.getFloatTimeDomainData(samples)
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
    bars.push(Math.max(1, Math.round(19 * Math.sqrt(peak))))
    if (bars.length > 60) bars.shift()
    const path = bars.map((half, at) => `M${at * 2} ${20 - half}h1v${half * 2}h-1z`)
    tool.querySelector('.wave path').setAttribute('d', path.join(''))
  }
  draw.end = () => context.close()
  return draw
}
