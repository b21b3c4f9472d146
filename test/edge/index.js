// `node --test test/edge/` searches the directory on Node.js 20 and runs it as a module since 22: this is that module.
'use strict';

import('./body_hasher.test.mjs');
import('./original_host.test.mjs');
import('./static_files.test.mjs');
import('./viewer_request.test.mjs');
