function _showDynClicks(type, owner, id) { document.write(id % 1000 + 17); }
function getClickTimes(id, owner, type, place) { document.write(id % 97 + 5); }
