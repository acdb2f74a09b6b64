-- Repeats the request in the file args[1] with the next line of the list in the file args[2] each time, from line args[3] (0: the first)
-- on and around: a key and a code for {key} and {code}, equally long in every line.
-- One thread only (-t1): every thread would start at the same line.
dofile(debug.getinfo(1).source:match('^@(.*/)') .. 'result.lua')

local head, middle, tail, list, at, line, key

local function read(name)
  local file = assert(io.open(name, 'rb'))
  local content = file:read('*a')
  file:close()
  return content
end

function init(args)
  local raw = read(args[1])
  local from, to = raw:find('{key}', 1, true)
  local codeFrom, codeTo = raw:find('{code}', to, true)
  head, middle, tail = raw:sub(1, from - 1), raw:sub(to + 1, codeFrom - 1), raw:sub(codeTo + 1)
  list = read(args[2])
  line = list:find('\n', 1, true)
  key = list:find(' ', 1, true) - 1
  at = tonumber(args[3]) * line
end

function request()
  if at >= #list then at = 0 end
  local start = at
  at = at + line
  return head .. list:sub(start + 1, start + key) .. middle .. list:sub(start + key + 2, start + line - 1) .. tail
end
