function _jsq_(treeid, page, newsid, owner) {}
function _showVisitors() { document.write(84213); }
