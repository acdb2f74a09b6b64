-- Repeats the request in the file args[1] with a new destination each time, counting up from args[2].
-- One thread only (-t1): every thread would count from the same start.
dofile(debug.getinfo(1).source:match('^@(.*/)') .. 'result.lua')

local head, tail, number

function init(args)
  local file = assert(io.open(args[1], 'rb'))
  local raw = file:read('*a')
  file:close()
  local from, to = raw:find('{number}', 1, true)
  head, tail = raw:sub(1, from - 1), raw:sub(to + 1)
  number = tonumber(args[2]) - 1
end

function request()
  number = number + 1
  return head .. string.format('%.0f', number) .. tail
end
