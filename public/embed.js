// Sets the height of frames from this server to that of their content. A page loads it once, anywhere in it.
{
  const { origin } = new URL(document.currentScript.src)
  addEventListener('message', (event) => {
    const { data, source } = event
    if (event.origin !== origin || data?.sandpit !== 'height') return
    for (const frame of document.querySelectorAll('iframe'))
      if (frame.contentWindow === source) frame.style.height = `${Math.ceil(data.height) + 2}px`
  })
}
