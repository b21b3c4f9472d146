// The browser sends a POST and shows each chunk as it arrives.
document.querySelector('form').onsubmit = async (event) => {
  event.preventDefault()
  const output = document.getElementById('poem')
  output.textContent = ''
  const response = await fetch('/api/poem', { method: 'POST', body: new URLSearchParams(new FormData(event.target)) })
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  for (let chunk; !(chunk = await reader.read()).done;) output.textContent += chunk.value
}
