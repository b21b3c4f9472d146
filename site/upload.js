// The upload: hashed here, hashed by the handler as it reads, and compared.

// Larger bodies don't fit into Lambda's request of 6 MB, where binary counts as base64.
const maxUpload = 4 << 20;

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Returns size random bytes. */
export const randomBytes = (size) => Uint8Array.from({ length: size }, () => Math.random() * 256);

/** Uploads bytes and shows how the handler reads them. */
export class Upload {
  #parts;
  #send;

  /**
   * @param {object} parts elements: progress, status, here, there
   * @param {(bytes: Uint8Array, hash: boolean) => AsyncIterable<object>} send posts bytes, with or without their hash, and
   *   returns the handler's lines
   */
  constructor(parts, send) {
    this.#parts = parts;
    this.#send = send;
  }

  /** Uploads a Blob; hash says whether this page sends its hash, or leaves that to the edge. */
  async run(blob, name, hash) {
    const { progress, here, there } = this.#parts;
    progress.value = 0;
    here.textContent = there.textContent = '–';
    if (blob.size > maxUpload) {
      this.say(`${name} has ${blob.size} bytes; choose a file of up to 4 MB.`, 'bad');
      return;
    }
    this.say(`Uploading ${name}, ${blob.size} bytes.`);
    try {
      const bytes = new Uint8Array(await blob.arrayBuffer());
      if (!crypto.subtle) throw new Error('Browsers hash only on pages from HTTPS or localhost: open this page from there.');
      here.textContent = hex(await crypto.subtle.digest('SHA-256', bytes));
      await this.#read(bytes, hash, here.textContent);
    } catch (error) {
      this.say(String(error.message ?? error), 'bad');
    }
  }

  async #read(bytes, sendHash, hash) {
    const { progress, there } = this.#parts;
    let last;
    for await (const line of this.#send(bytes, sendHash)) {
      last = line;
      if (line.bytes !== undefined) progress.value = bytes.byteLength ? line.bytes / bytes.byteLength : 1;
    }
    if (last?.event !== 'end') throw new Error(last?.error ?? 'The response ended before the handler had read everything.');
    there.textContent = last.sha256;
    if (last.sha256 === hash) this.say(`${last.bytes} bytes arrived, and the hashes agree.`, 'good');
    else this.say('The handler got other bytes than this page sent.', 'bad');
  }

  say(text, state = '') {
    this.#parts.status.textContent = text;
    this.#parts.status.className = `status ${state}`;
  }
}
