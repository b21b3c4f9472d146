for (let i = 0; i < 200; i++) console.error(`line ${i} before the end`);
process.exit(3);
