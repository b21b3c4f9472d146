export default {
  output: 'standalone',
  outputFileTracingRoot: import.meta.dirname, // or Next.js takes the directory of another package-lock.json above
  // sharp is a library for this machine's CPU.
  images: { unoptimized: true },
  outputFileTracingExcludes: { '*': ['node_modules/@img/**', 'node_modules/sharp/**'] },
};
